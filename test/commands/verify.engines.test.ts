/** The command `belfry verify`. */
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/database/open.ts'
import { invariants } from '../../src/domains/invariants.ts'
import { isSqlite, newDatabase } from '../support/belfry.ts'
import { everyRow } from '../support/every-row.ts'
import { runBelfry } from '../support/process.ts'
import { administratorOf, sealingKey, serve } from '../support/server-process.ts'

const { assigned_at, user_id, phone_number } = everyRow.assignments

interface Report {
  Checks: { Name: string; Ok: boolean; Finding: string }[]
}

test('belfry verify passes while a server runs, and names the invariants that the data violates', async () => {
  const other = await newDatabase()
  const server = await serve(other, {}, '--demo')
  const { chime } = administratorOf(server.url)
  await chime.associatePhoneNumberWithUser({
    AccountId: '12a3456b-7c89-012d-3456-78901e23fg45',
    UserId: user_id,
    E164PhoneNumber: phone_number,
  })
  const environment = { BELFRY_DATABASE: other, BELFRY_SEALING_KEY: sealingKey }
  const sound = await runBelfry(['verify'], { environment })
  expect(sound).toMatchObject({ code: 0, stderr: '' })
  expect(sound.stdout.split('\n')).toHaveLength(invariants.length + (isSqlite(other) ? 5 : 4))
  const breaking = await openDatabase(other)
  await breaking.write(async (db) => void (await db.updateTable('users').set({ deleted_at: assigned_at }).execute()))
  await breaking.close()
  const broken = await runBelfry(['verify', '--json'], { environment })
  const { Checks } = JSON.parse(broken.stdout) as Report
  expect([broken.code, Checks.filter(({ Ok }) => !Ok)]).toEqual([
    1,
    [{ Name: 'who holds a number has not been deleted', Ok: false, Finding: `Broken by ${user_id}` }],
  ])
  expect(
    (await runBelfry(['verify'], { environment: { BELFRY_DATABASE: other, BELFRY_SEALING_KEY: key() } })).stdout,
  ).toContain('FAILED  the sealing key fits  The secrets in the database were sealed with another sealing key.')
  await server.end('SIGTERM')
})

const key = () => Buffer.alloc(32).toString('base64')
