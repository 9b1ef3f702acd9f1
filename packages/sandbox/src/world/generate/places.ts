/** The fifty states with their two letters. */
export const states: readonly (readonly [code: string, name: string])[] = [
  ['AL', 'Alabama'],
  ['AK', 'Alaska'],
  ['AZ', 'Arizona'],
  ['AR', 'Arkansas'],
  ['CA', 'California'],
  ['CO', 'Colorado'],
  ['CT', 'Connecticut'],
  ['DE', 'Delaware'],
  ['FL', 'Florida'],
  ['GA', 'Georgia'],
  ['HI', 'Hawaii'],
  ['ID', 'Idaho'],
  ['IL', 'Illinois'],
  ['IN', 'Indiana'],
  ['IA', 'Iowa'],
  ['KS', 'Kansas'],
  ['KY', 'Kentucky'],
  ['LA', 'Louisiana'],
  ['ME', 'Maine'],
  ['MD', 'Maryland'],
  ['MA', 'Massachusetts'],
  ['MI', 'Michigan'],
  ['MN', 'Minnesota'],
  ['MS', 'Mississippi'],
  ['MO', 'Missouri'],
  ['MT', 'Montana'],
  ['NE', 'Nebraska'],
  ['NV', 'Nevada'],
  ['NH', 'New Hampshire'],
  ['NJ', 'New Jersey'],
  ['NM', 'New Mexico'],
  ['NY', 'New York'],
  ['NC', 'North Carolina'],
  ['ND', 'North Dakota'],
  ['OH', 'Ohio'],
  ['OK', 'Oklahoma'],
  ['OR', 'Oregon'],
  ['PA', 'Pennsylvania'],
  ['RI', 'Rhode Island'],
  ['SC', 'South Carolina'],
  ['SD', 'South Dakota'],
  ['TN', 'Tennessee'],
  ['TX', 'Texas'],
  ['UT', 'Utah'],
  ['VT', 'Vermont'],
  ['VA', 'Virginia'],
  ['WA', 'Washington'],
  ['WV', 'West Virginia'],
  ['WI', 'Wisconsin'],
  ['WY', 'Wyoming'],
]

/** What stands where an address has its state: states, the capital and the territories (USPS Publication 28). */
export const civilianCodes: readonly string[] = [
  ...states.map(([code]) => code),
  ...['DC', 'AS', 'FM', 'GU', 'MH', 'MP', 'PW', 'PR', 'VI'],
]

/** Armed Forces Americas, Europe and Pacific. */
export const militaryCodes: readonly string[] = ['AA', 'AE', 'AP']

/** What a street is called by. */
export const streetSuffixes: readonly string[] =
  'Avenue Bridge Cliff Corner Crescent Creek Drive Extension Forks Gardens Glens Highway Junction Lane Meadows Mill Parkway Path Port Ridge Road Shore Square Stravenue Street Summit Trail Turnpike Valley Views Way'.split(
    ' ',
  )

/** How a place name ends. */
export const townSuffixes: readonly string[] =
  'berg borough burgh bury chester fort furt haven land mouth port shire side stad ton town view ville'.split(' ')

/** What a place name may start with. */
export const townPrefixes: readonly string[] = 'East Lake New North Port South West'.split(' ')
