/** Markdown helpers for the pages. */

export const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n')

export function table([head = [], ...body]: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
