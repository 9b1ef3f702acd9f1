import { expect, test } from 'vitest'
import { visibleText } from '../../src/cli/visible-text.ts'

test.each([
  ['an escape sequence', '\u001b[31mred', '\\u001b[31mred'],
  ['a bell and a delete', 'a\u0007b\u007f', 'a\\u0007b\\u007f'],
  ['a C1 control', '\u009b31m\u0085', '\\u009b31m\\u0085'],
  ['a bidi override and an isolate', '\u202ea\u2066', '\\u202ea\\u2066'],
  ['a line and a paragraph separator', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ['a carriage return', 'a\rb', 'a\\u000db'],
  ['an invisible tag', 'a\u{e0041}', 'a\\u{e0041}'],
  ['a lone surrogate', 'a\ud800', 'a\\ud800'],
])('%s is shown', (_name, text, shown) => {
  expect(visibleText(text)).toBe(shown)
})

test('letters of any script, an emoji, a tab and a line feed stay', () => {
  const text = 'é 漢字 عربى 😀\tone\n  two'
  expect(visibleText(text)).toBe(text)
})
