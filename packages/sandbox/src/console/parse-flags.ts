import { ConfigError } from '@coretelecoms/core'
import { type Command, CommanderError } from 'commander'

/** The flags of a command by their names in camel case, unchecked. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>

/**
 * Reads the flags of a command. Returns undefined when help was asked for and printed. Throws a ConfigError that says
 * what is off and where the list of flags is.
 */
export function parseFlags(
  command: Command,
  options: { argv: readonly string[]; output: { write(text: string): unknown } },
): Flags | undefined {
  command
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => options.output.write(text), writeErr: () => undefined })
  try {
    command.parse([...options.argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return undefined
    const reason = error.message.replace(/^error: /, '').replaceAll('\n', ' ')
    throw new ConfigError('flags', `${reason}; ${command.name()} --help lists the flags`)
  }
  return command.opts<Flags>()
}
