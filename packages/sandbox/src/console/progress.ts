import cliProgress from 'cli-progress'

/** One long step, as people see it. */
export interface ProgressStep {
  /** `fraction` from 0 to 1, or undefined where nobody knows how much there is. */
  update(fraction: number | undefined, detail: string): void
  done(detail: string): void
  fail(detail: string): void
}

/** Tells people what is going on; writes to stderr. */
export interface Progress {
  line(text: string): void
  step(name: string): ProgressStep
  /** Takes the bars off the screen. */
  close(): void
}

const nameWidth = 18

/** Bars that move on a terminal; one line at the end of each step otherwise. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? createBars(stream) : createLines(stream)
}

function createLines(stream: NodeJS.WriteStream): Progress {
  return {
    line: (text) => stream.write(`${text}\n`),
    step(name) {
      const startedAt = performance.now()
      return {
        update: () => undefined,
        done: (detail) => stream.write(endLine('✓', name, detail, startedAt)),
        fail: (detail) => stream.write(endLine('✗', name, detail, startedAt)),
      }
    },
    close: () => undefined,
  }
}

function createBars(stream: NodeJS.WriteStream): Progress {
  const bars = new cliProgress.MultiBar({
    stream,
    format: `  {name} {bar} {detail}`,
    barsize: 20,
    hideCursor: true,
    clearOnComplete: true,
    linewrap: false,
    forceRedraw: true,
  })
  let open = 0
  // While a bar is on the screen only the bars' own log may write above it.
  const write = (text: string): void => {
    if (open > 0) bars.log(text)
    else stream.write(text)
  }
  return {
    line: (text) => write(`${text}\n`),
    step(name) {
      const startedAt = performance.now()
      const bar = bars.create(100, 0, { name: name.padEnd(nameWidth), detail: '' })
      open += 1
      const end = (mark: string, detail: string): void => {
        bars.remove(bar)
        write(endLine(mark, name, detail, startedAt))
        open -= 1
        // What was logged waits for the next time that the bars are drawn, which may be never.
        if (open === 0) bars.update()
      }
      return {
        update: (fraction, detail) => bar.update(Math.round((fraction ?? 0) * 100), { detail }),
        done: (detail) => end('✓', detail),
        fail: (detail) => end('✗', detail),
      }
    },
    close: () => bars.stop(),
  }
}

function endLine(mark: string, name: string, detail: string, startedAt: number): string {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)
  return `${mark} ${name.padEnd(nameWidth)} ${seconds} s  ${detail}\n`
}
