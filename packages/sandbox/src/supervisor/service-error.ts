/** A service of the sandbox could not be started, prepared or stopped. The message says which, why, and what to do. */
export class ServiceError extends Error {
  /** Name of the service, as in its log's file name. */
  readonly service: string

  constructor(service: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ServiceError'
    this.service = service
  }
}
