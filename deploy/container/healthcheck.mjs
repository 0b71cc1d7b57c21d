// Whether the server in this container can serve. Its certificate is for a name that it is not asked by here.
import http from 'node:http'
import https from 'node:https'

const { BELFRY_PORT = '8080', BELFRY_TLS_CERT } = process.env
const options = { host: '127.0.0.1', port: BELFRY_PORT, path: '/ready', timeout: 4000, rejectUnauthorized: false }
const request = (BELFRY_TLS_CERT ? https : http).get(options, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
)
request.on('timeout', () => process.exit(1)).on('error', () => process.exit(1))
