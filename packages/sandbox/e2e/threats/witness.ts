// Imported by an app before its own code: tells when it ends how much memory it held at most, and what became of the
// prototype that every object shares. A process that is out of memory tells nothing, which fails the test as well.
import { readFileSync, writeFileSync } from 'node:fs'

const own = Reflect.ownKeys(Object.prototype).map(String)

process.on('exit', () => {
  const status = readFileSync('/proc/self/status', 'utf8')
  const peakKib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1])
  const added = Reflect.ownKeys(Object.prototype)
    .map(String)
    .filter((name) => !own.includes(name))
  writeFileSync(process.env['CX_WITNESS_FILE'] ?? '', JSON.stringify({ peakMib: Math.round(peakKib / 1024), added }))
})
