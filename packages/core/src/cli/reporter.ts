import cliProgress from 'cli-progress'
import pino from 'pino'
import { visibleText } from './visible-text.ts'

/** What a reporter is told while one delivery is being worked on. */
export interface Step {
  update(progress: { bytes: number; rows: number }): void
  /** Ends the step; `text` says how it went. */
  end(text: string): void
}

/** Tells people and log collectors what a process does; everything goes to stderr. */
export interface Reporter {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void
  error(message: string, facts?: Readonly<Record<string, unknown>>): void
  /** Starts a long step; `totalBytes` is undefined where nobody knows it. */
  step(name: string, totalBytes: number | undefined): Step
}

/** Who reports. */
export interface ReporterOptions {
  app: string
  runId: string
  stream: NodeJS.WriteStream
}

/** Makes the reporter that fits the stream: bars and plain lines on a terminal, one JSON object a line otherwise. */
export function createReporter(options: ReporterOptions): Reporter {
  return options.stream.isTTY ? createTerminalReporter(options.stream) : createJsonReporter(options)
}

// Belt and braces: no code passes a secret to the reporter, and a name like these is cut out if one ever does.
const redactedPaths = ['password', 'secret', 'token', 'privateKey', 'credentials', '*.password', '*.secret', '*.token']
const progressIntervalMs = 5000

function createJsonReporter({ app, runId, stream }: ReporterOptions): Reporter {
  const logger = pino(
    {
      base: { app, run_id: runId },
      redact: redactedPaths,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    // Synchronous, so that the last lines are out before the process exits.
    pino.destination({ fd: (stream as NodeJS.WriteStream & { fd: number }).fd, sync: true }),
  )
  return {
    info: (message, facts = {}) => logger.info(facts, visibleText(message)),
    error: (message, facts = {}) => logger.error(facts, visibleText(message)),
    step(name, totalBytes) {
      let reportedAt = Date.now()
      logger.info({ step: name, total_bytes: totalBytes }, 'started')
      return {
        update(progress) {
          if (Date.now() - reportedAt < progressIntervalMs) return
          reportedAt = Date.now()
          logger.info({ step: name, ...progress, total_bytes: totalBytes }, 'progress')
        },
        end: (text) => logger.info({ step: name }, visibleText(text)),
      }
    },
  }
}

function createTerminalReporter(stream: NodeJS.WriteStream): Reporter {
  return {
    info: (message) => stream.write(`${terminalLines(message)}\n`),
    error: (message) => stream.write(`${terminalLines(message)}\n`),
    step(name, totalBytes) {
      const bar = new cliProgress.SingleBar({
        stream,
        format: totalBytes === undefined ? `  ${name}  {rows} rows` : `  ${name}  {bar} {percentage} %  {rows} rows`,
        clearOnComplete: true,
        hideCursor: true,
        barsize: 24,
      })
      bar.start(totalBytes ?? 0, 0, { rows: 0 })
      return {
        update: ({ bytes, rows }) => bar.update(bytes, { rows: rows.toLocaleString('en') }),
        end(text) {
          bar.stop()
          stream.write(`  ${name}  ${terminalLines(text)}\n`)
        },
      }
    },
  }
}

// A line feed in what a message quotes must not begin a line that looks like one of ours.
function terminalLines(text: string): string {
  return visibleText(text).replaceAll(/\n(?! {2})/g, '\n  ')
}
