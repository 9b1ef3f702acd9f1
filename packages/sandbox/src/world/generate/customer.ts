import { formatDay } from '../calendar.ts'
import { familyNames, mensNames, womensNames } from './person-names.ts'
import { civilianCodes, militaryCodes, streetSuffixes, townPrefixes, townSuffixes } from './places.ts'
import { hashText, mix32, openRandom, pick } from './random.ts'
import type { Random } from './random.ts'

/** What a complaint needs to know about its customer. */
export interface CustomerIdentity {
  /** UUIDv4, lower case. */
  readonly customerId: string
  readonly firstName: string
}

/** A row of the customers file, under canonical names. */
export interface Customer extends CustomerIdentity {
  readonly fullName: string
  readonly gender: 'M' | 'F'
  readonly birthDate: string
  readonly signupDate: string
  readonly email: string
  readonly address: string
}

/** Makes customers from their number alone: the same one for every file, without holding any. */
export interface CustomerFactory {
  identify(index: number): CustomerIdentity
  make(index: number): Customer
}

const hexOfWord = Array.from({ length: 0x1_0000 }, (_, value) => value.toString(16).padStart(4, '0'))
const mangledAndRightDomains = ['GmaiL.om', 'GmaiL.om', 'GmaiL.om', 'yahoo.com', 'yahoo.com', 'yahoo.com']
const domains = [...mangledAndRightDomains, 'gmail.com', 'gmail.com', 'hotmai.com']
const nameJoints = ['.', '_', '-']
const firstBirth = -14_600 // 1930-01-11
const lastBirth = 13_700 // 2007-07-06
const firstSignup = 14_610 // 2010-01-01
const lastSignup = 20_400 // 2025-11-08

/** Opens the customers of a seed. Different indexes below 2^32 never share a customer id. */
export function openCustomers(seed: number): CustomerFactory {
  const random = openRandom(seed, 'customers')
  const key = hashText(`${seed}/customer id`)

  function identify(index: number): CustomerIdentity & { isWoman: boolean } {
    random.seek(index)
    const customerId = formatUuid(mix32(index ^ key), random)
    const isWoman = random.below(2) === 0
    return { customerId, isWoman, firstName: pick(random, isWoman ? womensNames : mensNames) }
  }

  function make(index: number): Customer {
    const { customerId, firstName, isWoman } = identify(index)
    const familyName = pick(random, familyNames)
    return {
      customerId,
      firstName,
      fullName: unusualNames.get(index) ?? firstName + ' ' + familyName,
      gender: isWoman ? 'F' : 'M',
      birthDate: formatDay(firstBirth + random.below(lastBirth - firstBirth)),
      signupDate: formatDay(firstSignup + random.below(lastSignup - firstSignup)),
      email: makeEmail(random, firstName, familyName),
      address: makeAddress(random),
    }
  }

  return { identify, make }
}

/** Names that land as they are and that careless readers break: null words, quotes, a comma, other scripts. */
const unusualNames = new Map([
  [17, 'Null'],
  [101, 'José Núñez'],
  [211, 'William "Bill" Ward, Jr.'],
  [307, 'NA'],
  [401, 'Zoë 🌻 Лебедева'],
])

// Joined by `+` here and below: of 2.5 million customers, template literals took a tenth of the time in ToString.
function formatUuid(firstWord: number, random: Random): string {
  const [second, third, fourth] = [random.next(), random.next(), random.next()]
  const version = hex16(0x4000 | (second & 0x0fff))
  const variant = hex16(0x8000 | ((third >>> 16) & 0x3fff))
  return (
    hex32(firstWord) +
    '-' +
    hex16(second >>> 16) +
    '-' +
    version +
    '-' +
    variant +
    '-' +
    hex16(third & 0xffff) +
    hex32(fourth)
  )
}

function hex16(value: number): string {
  return hexOfWord[value] as string
}

function hex32(value: number): string {
  return hex16(value >>> 16) + hex16(value & 0xffff)
}

/** A local part carries random hex before and after the name; that is how the source writes it, not a defect. */
function makeEmail(random: Random, firstName: string, familyName: string): string {
  const before = hex16(random.below(0x1_0000))
  const after = hex16(random.below(0x1000)).slice(1)
  const name = (firstName + pick(random, nameJoints) + familyName).toLowerCase()
  return before + name + after + '@' + pick(random, domains)
}

function makeAddress(random: Random): string {
  const zip = String(501 + random.below(99_449)).padStart(5, '0')
  if (random.below(33) === 0) return `${makeMilitaryPost(random)} ${pick(random, militaryCodes)} ${zip}`
  const street =
    String(100 + random.below(99_900)) + ' ' + pick(random, familyNames) + ' ' + pick(random, streetSuffixes)
  return street + makeUnit(random) + '\n' + makeTown(random) + ', ' + pick(random, civilianCodes) + ' ' + zip
}

function makeMilitaryPost(random: Random): string {
  switch (random.below(3)) {
    case 0:
      return `PSC ${1 + random.below(9999)}, Box ${1 + random.below(9999)}\nAPO`
    case 1:
      return `USS ${pick(random, familyNames)}\nFPO`
    default:
      return `Unit ${1 + random.below(9999)} Box ${1 + random.below(9999)}\nDPO`
  }
}

function makeUnit(random: Random): string {
  const kind = random.below(4)
  if (kind > 1) return ''
  return (kind === 0 ? ' Apt. ' : ' Suite ') + String(1 + random.below(999)).padStart(3, '0')
}

function makeTown(random: Random): string {
  if (random.below(2) === 0) return pick(random, townPrefixes) + ' ' + pick(random, womensNames)
  return pick(random, familyNames) + pick(random, townSuffixes)
}
