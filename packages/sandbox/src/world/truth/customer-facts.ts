/** What the customer dimension says about a mangled e-mail domain (SOURCES: Values). */
const meantDomains: Readonly<Record<string, string>> = { 'gmail.om': 'gmail.com', 'hotmai.com': 'hotmail.com' }

/** The domain an e-mail address means, in lower case; null where there is no address with a domain. */
export function repairedDomain(email: string | null | undefined): string | null {
  const sign = email?.lastIndexOf('@') ?? -1
  const domain = sign < 0 ? '' : (email ?? '').slice(sign + 1).toLowerCase()
  return domain === '' ? null : (meantDomains[domain] ?? domain)
}

/** The two letters before the ZIP code at the end of an address, as written; null where it has none. */
export function stateCode(address: string | null | undefined): string | null {
  return /(?:^|[\s,])([A-Z]{2})\s+\d{5}(?:-\d{4})?$/.exec(address ?? '')?.[1] ?? null
}
