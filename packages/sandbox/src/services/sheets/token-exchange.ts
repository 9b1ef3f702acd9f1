import { errors, type JWTPayload, jwtVerify } from 'jose'
import { type KeyObject, randomBytes } from 'node:crypto'

/** A token that was handed out. */
export interface AccessToken {
  /** Whom it stands for. */
  email: string
  scopes: readonly string[]
  expiresAtMs: number
}

/** The token endpoint's own error shape (RFC 6749, section 5.2). */
export class TokenError extends Error {
  readonly code: string

  constructor(code: string, description: string) {
    super(description)
    this.name = 'TokenError'
    this.code = code
  }

  /** The body of the response. */
  toJSON(): unknown {
    return { error: this.code, error_description: this.message }
  }
}

/** Exchanges signed assertions for tokens, and knows the tokens it handed out. */
export interface TokenExchange {
  /** Takes the form of a token request (RFC 7523, section 2.1), returns the response. Throws a TokenError. */
  exchange(form: URLSearchParams): Promise<{ access_token: string; expires_in: number; token_type: 'Bearer' }>
  /** Who a token stands for; undefined when it was never handed out, or has expired. */
  find(token: string): AccessToken | undefined
}

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const lifetimeSeconds = 3600

/** Makes a token exchange for the accounts whose public keys are registered, by e-mail address. */
export function createTokenExchange(options: {
  publicKeys: ReadonlyMap<string, KeyObject>
  /** What an assertion must be made out to. */
  tokenUri: string
  now?: () => number
}): TokenExchange {
  const { publicKeys, tokenUri, now = Date.now } = options
  const tokens = new Map<string, AccessToken>()
  return {
    async exchange(form) {
      if (form.get('grant_type') !== grantType) {
        throw new TokenError('unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type') ?? ''}`)
      }
      const claims = await verifyAssertion(form.get('assertion') ?? '', publicKeys, { tokenUri, now: new Date(now()) })
      const scopes =
        typeof claims['scope'] === 'string' ? claims['scope'].split(' ').filter((scope) => scope !== '') : []
      if (scopes.length === 0)
        throw new TokenError('invalid_scope', 'Invalid OAuth scope or ID token audience provided.')
      const token = `ya29.${randomBytes(32).toString('base64url')}`
      tokens.set(token, { email: claims.iss ?? '', scopes, expiresAtMs: now() + lifetimeSeconds * 1000 })
      return { access_token: token, expires_in: lifetimeSeconds, token_type: 'Bearer' }
    },
    find(token) {
      const found = tokens.get(token)
      return found && found.expiresAtMs > now() ? found : undefined
    },
  }
}

async function verifyAssertion(
  assertion: string,
  publicKeys: ReadonlyMap<string, KeyObject>,
  expected: { tokenUri: string; now: Date },
): Promise<JWTPayload> {
  const key = publicKeys.get(issuerOf(assertion))
  if (!key) throw new TokenError('invalid_grant', 'Invalid grant: account not found')
  try {
    const { payload } = await jwtVerify(assertion, key, {
      algorithms: ['RS256'],
      audience: expected.tokenUri,
      requiredClaims: ['iat', 'exp'],
      maxTokenAge: lifetimeSeconds,
      currentDate: expected.now,
      clockTolerance: 60,
    })
    return payload
  } catch (error) {
    throw new TokenError('invalid_grant', refusal(error))
  }
}

/** Whom an assertion claims to come from: read to find the key, believed only once the signature fits. */
function issuerOf(assertion: string): string {
  try {
    const claims: unknown = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString())
    return typeof claims === 'object' && claims !== null && 'iss' in claims ? String(claims.iss) : ''
  } catch {
    throw new TokenError('invalid_grant', 'Invalid JWT: the assertion cannot be read.')
  }
}

function refusal(error: unknown): string {
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'Invalid JWT Signature.'
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
    return 'Invalid JWT: Failed audience check.'
  }
  if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) {
    return 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.'
  }
  return `Invalid JWT: ${error instanceof Error ? error.message : String(error)}`
}
