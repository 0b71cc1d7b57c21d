/** The floor: the least a node:http server can do and still answer JSON. */
import { createServer } from 'node:http'
import { listen } from './listen.ts'

const server = createServer((_, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '2' })
  response.end('{}')
})
listen(server, 'floor')
