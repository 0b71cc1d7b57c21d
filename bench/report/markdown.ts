/** The little of Markdown that the pages need. */

export const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n')

export function table([head = [], ...body]: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...body].map((line) => `| ${line.join(' | ')} |`).join('\n')
}
