/** Sends a request that is to be answered within two seconds. Throws when it is not, or not with success. */
export async function requireHttpAnswer(url: string, init: RequestInit = {}): Promise<void> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(2000) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
}
