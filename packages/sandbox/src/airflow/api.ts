import pRetry from 'p-retry'
import { z } from 'zod'
import type { Login } from './login.ts'

/**
 * Airflow's REST API, spoken to as a person who logged in. Every call throws what Airflow answered if it refused; a GET that
 * is not answered at all, as on a machine that is busy, is sent again first.
 */
export interface AirflowApi {
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>>
  /** Text of an answer that is no JSON. */
  send(method: 'POST' | 'PATCH' | 'PUT', path: string, body: unknown): Promise<unknown>
}

const tokenSchema = z.object({ access_token: z.string() })
const requestTimeoutMs = 20_000

/** Makes a client; it logs in at the first call, and again when its token has run out. */
export function createAirflowApi(url: string, login: Pick<Login, 'username' | 'password'>): AirflowApi {
  let token: Promise<string> | undefined

  async function logIn(): Promise<string> {
    const { username, password } = login
    const response = await request(`${url}/auth/token`, 'POST', { body: { username, password } })
    return tokenSchema.parse(await readAnswer(response)).access_token
  }

  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    for (const isLast of [false, true]) {
      token ??= logIn()
      const bearer = await token.catch((error: unknown) => {
        token = undefined
        throw error
      })
      const response = await request(`${url}/api/v2/${path}`, method, { bearer, body })
      if (response.status !== 401 || isLast) return readAnswer(response)
      token = undefined
    }
    throw new Error('unreachable')
  }

  return {
    get: async (path, schema) =>
      schema.parse(
        await pRetry(() => call('GET', path), {
          retries: 3,
          shouldRetry: ({ error }) => !(error instanceof AirflowAnswer),
        }),
      ),
    send: (method, path, body) => call(method, path, body),
  }
}

/** What Airflow said instead of doing as it was told. */
class AirflowAnswer extends Error {}

function request(url: string, method: string, options: { bearer?: string; body?: unknown }): Promise<Response> {
  return fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...(options.bearer === undefined ? {} : { authorization: `Bearer ${options.bearer}` }),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    signal: AbortSignal.timeout(requestTimeoutMs),
  })
}

async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!response.ok) throw new AirflowAnswer(`${response.url} answered ${response.status}: ${text.slice(0, 500)}`)
  return text === '' ? undefined : JSON.parse(text)
}
