/**
 * The name of a day's delivery: `{date}` becomes YYYY-MM-DD and `{date_}` YYYY_MM_DD. A name without either stands for
 * every day, as that of a static dataset does.
 */
export function fillDate(template: string, date: string): string {
  return template.replaceAll('{date}', date).replaceAll('{date_}', date.replaceAll('-', '_'))
}
