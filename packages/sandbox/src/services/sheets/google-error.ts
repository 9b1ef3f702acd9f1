/**
 * An answer in the error shape of Google's APIs (google.rpc.Status over HTTP): the number, the canonical name of the
 * code, and a message in Google's own words where clients are known to look at them.
 */
export class GoogleError extends Error {
  readonly httpStatus: number
  readonly status: string

  constructor(httpStatus: number, status: string, message: string) {
    super(message)
    this.name = 'GoogleError'
    this.httpStatus = httpStatus
    this.status = status
  }

  /** The body of the response. */
  toJSON(): unknown {
    return { error: { code: this.httpStatus, message: this.message, status: this.status } }
  }
}

/** The spreadsheet is not there, or the file is none. */
export function notFound(): GoogleError {
  return new GoogleError(404, 'NOT_FOUND', 'Requested entity was not found.')
}

/** The spreadsheet is there and not shared with the caller. */
export function permissionDenied(): GoogleError {
  return new GoogleError(403, 'PERMISSION_DENIED', 'The caller does not have permission')
}

/** What was asked for makes no sense. */
export function invalidArgument(message: string): GoogleError {
  return new GoogleError(400, 'INVALID_ARGUMENT', message)
}

const faults: Readonly<Record<number, { status: string; message: string }>> = {
  429: {
    status: 'RESOURCE_EXHAUSTED',
    message:
      "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of service 'sheets.googleapis.com'.",
  },
  500: { status: 'INTERNAL', message: 'Internal error encountered.' },
  503: { status: 'UNAVAILABLE', message: 'The service is currently unavailable.' },
}

/** A failure on Google's side, of the kind that passes. */
export function fault(httpStatus: number): GoogleError {
  const { status, message } = faults[httpStatus] ?? { status: 'UNKNOWN', message: `Failed with ${httpStatus}.` }
  return new GoogleError(httpStatus, status, message)
}
