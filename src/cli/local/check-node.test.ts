import { expect, test } from 'vitest'
import { lookAtNode } from './check-node.ts'
import { check } from './check.ts'

test.each([
  ['v22.30.0', { Ok: false, Finding: 'This is Node.js v22.30.0; install 24 or newer.' }],
  ['v24.21.9', { Ok: true, Warning: true, Finding: expect.stringContaining('install 24.22 or newer.') }],
  ['v24.22.0', { Ok: true, Finding: 'This is Node.js v24.22.0.' }],
  ['v25.0.0', { Ok: true, Finding: 'This is Node.js v25.0.0.' }],
])('the check of Node.js %s', async (version, found) => {
  expect(await check('Node.js', () => lookAtNode(version))).toEqual({ Name: 'Node.js', ...found })
})
