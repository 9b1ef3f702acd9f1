import { TransientError } from '../errors/transient-error.ts'

/** An object was written by somebody else since it was read: another run may find the world settled. */
export class PreconditionError extends TransientError {}

/** The object that is being read was replaced meanwhile; a new run reads the new one from its start. */
export class ObjectChangedError extends TransientError {}
