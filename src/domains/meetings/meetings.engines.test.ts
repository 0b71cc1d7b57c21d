import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startBelfry, useBelfry } from '../../../test/support/belfry.ts'
import { givenNumber, notFound, refused, refusedRaw } from '../../../test/support/given.ts'
import { callBelfry } from '../../../test/support/raw.ts'

interface Meeting {
  MeetingId: string
  JoinToken: string
}

const { belfry, tenant } = await useBelfry()

const call = (text: string, using = tenant) => callBelfry(belfry.url, using, text)

async function givenMeeting(using = tenant) {
  const { json } = await call('POST /meetings', using)
  const { MeetingId, JoinToken } = json['Meeting'] as Meeting
  return { MeetingId, JoinToken }
}

async function given() {
  const FromPhoneNumber = await givenNumber(belfry, tenant)
  return { ...(await givenMeeting()), FromPhoneNumber, ToPhoneNumber: '+12065550111' }
}

const dialOutsOf = async (MeetingId: string, query = '') =>
  (await call(`GET /meetings/${MeetingId}/dial-outs${query}`)).json

const forbidden = (message: string) => `403 ForbiddenException Forbidden: ${message}`
const noMeeting = forbidden('There is no such meeting, or the JoinToken is not for it')

describe('CreateMeetingDialOut', () => {
  test('records the request, and refuses it because no telephony gateway is configured', async () => {
    const input = await given()
    const unavailable = '503 ServiceUnavailableException ServiceUnavailable: No telephony gateway is configured'
    expect(await refused(tenant.chime.createMeetingDialOut(input))).toBe(unavailable)
    const plain = { ...input, MeetingId: input.MeetingId.toUpperCase(), ToPhoneNumber: '12065550112' }
    expect(await refused(tenant.chime.createMeetingDialOut(plain))).toBe(unavailable)
    const entry = {
      FromPhoneNumber: input.FromPhoneNumber,
      MeetingId: input.MeetingId,
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      RequestedBy: `arn:aws:iam::${tenant.awsAccountId}:user/tester`,
      RequestedTimestamp: expect.stringMatching(/Z$/),
      Status: 'Failed',
      StatusReason: 'No telephony gateway is configured',
      ToPhoneNumber: '+12065550111',
      TransactionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    }
    expect(await dialOutsOf(input.MeetingId)).toEqual({
      MeetingDialOuts: [entry, { ...entry, ToPhoneNumber: '+12065550112' }],
      NextToken: null,
    })
    const { json: journal } = await call(`GET /events?resource-id=${input.MeetingId}&event-name=CreateMeetingDialOut`)
    const records = (journal['Events'] as { CloudTrailEvent: string }[]).map(
      (event) => JSON.parse(event.CloudTrailEvent) as Record<string, unknown>,
    )
    expect(records.map(({ errorCode }) => errorCode)).toEqual(Array(2).fill('ServiceUnavailableException'))
    const first = await dialOutsOf(input.MeetingId, '?max-results=1')
    const second = await dialOutsOf(input.MeetingId, `?max-results=1&next-token=${String(first['NextToken'])}`)
    expect([first['MeetingDialOuts'], second]).toEqual([
      [entry],
      { MeetingDialOuts: [{ ...entry, ToPhoneNumber: '+12065550112' }], NextToken: null },
    ])
  })

  test('requires a number of the inventory and a meeting that has not ended', async () => {
    const input = await given()
    const dial = (change: object) => refused(tenant.chime.createMeetingDialOut({ ...input, ...change }))
    const noNumber = forbidden('FromPhoneNumber is not in the inventory')
    expect(await dial({ FromPhoneNumber: '+12065550199' })).toBe(noNumber)
    const stranger = await belfry.tenant()
    expect(await dial({ FromPhoneNumber: await givenNumber(belfry, stranger) })).toBe(noNumber)
    expect(await dial({ MeetingId: randomUUID() })).toBe(noMeeting)
    expect(await dial(await givenMeeting(stranger))).toBe(noMeeting)
    expect(await dial({ JoinToken: (await givenMeeting()).JoinToken })).toBe(noMeeting)
    const leaving = await givenNumber(belfry, tenant)
    await tenant.chime.deletePhoneNumber({ PhoneNumberId: leaving })
    expect(await dial({ FromPhoneNumber: leaving })).toMatch(/^400 BadRequestException .*deletion queue/)
    await call(`POST /meetings/${input.MeetingId}?operation=end`)
    expect(await dial({})).toBe(forbidden('The meeting has ended'))
    expect(await dialOutsOf(input.MeetingId)).toEqual({ MeetingDialOuts: [], NextToken: null })
  })

  test.each([
    ['MeetingId', 'abc'],
    ['FromPhoneNumber', '0206'],
    ['ToPhoneNumber', ''],
    ['JoinToken', 'a'],
    ['JoinToken', 'a-b_c='],
    ['JoinToken', 'a'.repeat(2049)],
  ])('refuses the %s %j', async (member, value) => {
    const input = { ...(await given()), [member]: value }
    expect(await refused(tenant.chime.createMeetingDialOut(input))).toContain(`Value at '${member}' failed`)
  })

  test('refuses AWS accounts that are barred from telephony', async () => {
    const awsAccountId = '444455556666'
    const barring = await startBelfry({ RESTRICTED_AWS_ACCOUNTS: awsAccountId })
    const { chime } = await barring.tenant({ awsAccountId })
    const input = { MeetingId: randomUUID(), FromPhoneNumber: '+1206', ToPhoneNumber: '+1206', JoinToken: 'abc' }
    expect(await refused(chime.createMeetingDialOut(input))).toBe(
      `403 AccessDeniedException AccessDenied: Service is restricted for AWSAccountId ${awsAccountId}`,
    )
  })

  test.each([
    ['all meetings', '*', true],
    ['all meetings by a pattern', 'arn:aws:chime::*:meeting/*', true],
    ['this meeting', 'arn:aws:chime::{account}:meeting/{meeting}', true],
    ['another meeting', 'arn:aws:chime::{account}:meeting/3f8a1c52-9d60-4e7b-8a1f-0c2d4e6f8a1b', false],
  ])('follows a policy that names %s', async (_, template, allowed) => {
    const input = await given()
    const Resource = template.replace('{account}', tenant.awsAccountId).replace('{meeting}', input.MeetingId)
    const Statement = [{ Effect: 'Allow', Action: 'chime:*', Resource }]
    const policy = JSON.stringify({ Statement })
    const { chime, principal } = await belfry.tenant({ awsAccountId: tenant.awsAccountId, policy })
    const arn = `arn:aws:chime::${tenant.awsAccountId}:meeting/${input.MeetingId}`
    const denied = `403 AccessDeniedException AccessDenied: User: arn:aws:iam::${tenant.awsAccountId}:user/${principal} is not authorized to perform: chime:CreateMeetingDialOut on resource: ${arn} because no identity-based policy allows the chime:CreateMeetingDialOut action`
    const outcome = await refused(chime.createMeetingDialOut(input))
    if (allowed) expect(outcome).toMatch(/^503/)
    else expect(outcome).toBe(denied)
  })
})

describe('CreateMeeting, EndMeeting, ListMeetingDialOuts', () => {
  test('show the join token only once', async () => {
    const { status, json } = await call('POST /meetings')
    const meeting = json['Meeting'] as Meeting
    expect([status, meeting]).toEqual([
      201,
      {
        CreatedBy: `arn:aws:iam::${tenant.awsAccountId}:user/tester`,
        CreatedTimestamp: expect.stringMatching(/Z$/),
        EndedTimestamp: null,
        JoinToken: expect.stringMatching(/^[A-Za-z0-9+/]{64}$/),
        MeetingId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    ])
    const end = () => call(`POST /meetings/${meeting.MeetingId}?operation=end`)
    const ended = (await end()).json
    expect(ended['Meeting']).toEqual({ ...meeting, JoinToken: null, EndedTimestamp: expect.stringMatching(/Z$/) })
    belfry.advance(1000)
    expect((await end()).json).toEqual(ended)
  })

  test('do not find a meeting of another AWS account', async () => {
    const { MeetingId } = await givenMeeting()
    const stranger = await belfry.tenant()
    for (const text of [`POST /meetings/${MeetingId}?operation=end`, `GET /meetings/${MeetingId}/dial-outs`])
      expect(refusedRaw(await call(text, stranger))).toBe(notFound('Meeting', MeetingId))
    expect(refusedRaw(await call('GET /meetings/abc/dial-outs'))).toMatch(/^400 BadRequestException.*'MeetingId'/)
  })
})
