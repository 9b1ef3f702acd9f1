import { createProgress, type Progress } from './progress.ts'

/** Progress that nobody is told of: for a program that judges by what it finds, such as a test. */
export function createSilentProgress(): Progress {
  const stream = Object.assign(Object.create(process.stderr) as NodeJS.WriteStream, { isTTY: false, write: () => true })
  return createProgress(stream)
}
