/** A minimal HTTP/1.1 reader: only what the load generator needs to know of an answer. */

/** Whether `text` (latin-1) is a complete answer. Requests are not pipelined, so no second answer follows. */
export function isComplete(text: string): boolean {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return false
  if (text.startsWith('HTTP/1.1 204')) return true
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1]
  if (length !== undefined) return text.length >= head + 4 + Number(length)
  return !/\r\ntransfer-encoding: *chunked/i.test(text) || text.endsWith('\r\n0\r\n\r\n')
}

export const isSuccess = (text: string): boolean => text.startsWith('HTTP/1.1 2')

/** Whether the server closes the connection after this answer. */
export const closesConnection = (text: string): boolean => /\r\nconnection: close\r\n/i.test(text)
