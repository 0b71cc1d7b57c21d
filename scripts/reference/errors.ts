import { codeOf, errorNames, statusOf } from '../../src/contract/errors.ts'

export function errors(): string {
  const rows = errorNames.map((name) => `| ${name} | ${statusOf(name)} | ${codeOf(name) ?? ''} |`)
  return `<!-- Written from src/contract/errors.ts by npm run docs. -->

# Errors

The name is in the header \`x-amzn-ErrorType\`, the first line of the message in \`x-amzn-ErrorMessage\`. Where there is a code, the body is \`{"Code":"…","Message":"…"}\`; the others are those that AWS's front
end writes, with the body \`{"message":"…"}\`. Requests that were throttled or came too early carry \`Retry-After\`.

| error | status | \`Code\` |
| --- | --- | --- |
${rows.join('\n')}
`
}
