// SPDX-License-Identifier: Apache-2.0
// Bad input below the level of single requests: lengths, headers, flags and unknown codes.

import type { BadCase, ConnectionState, Target } from './bad-input.ts'
import {
  binaryFrame,
  binaryHeader,
  binaryRequest,
  int16,
  int32,
  jsonHeader,
  jsonRequest,
  jsonText,
  rawFrame,
} from './frames.ts'

const MAX_FRAME_BYTES = 16_777_216

/** A cheap request that each server answers with success. */
const good: Readonly<
  Record<Target, { code: number; extFields: Readonly<Record<string, string>> }>
> = {
  namesrv: { code: 105, extFields: { topic: 'TopicTest' } },
  broker: { code: 30, extFields: { topic: 'TopicTest', queueId: '0' } },
}

/** All cases, for both servers; what concerns lengths also as the first bytes of a connection. */
export function badFrames(): BadCase[] {
  return (['namesrv', 'broker'] as const).flatMap((target) => [
    ...casesOf(target, 'fresh', lengths(target)),
    ...casesOf(target, 'used', {
      ...lengths(target),
      ...jsonHeaders(target),
      ...jsonMembers(target),
      ...binaryHeaders(target),
      ...codesAndFlags(target),
    }),
  ])
}

function casesOf(target: Target, connection: ConnectionState, table: Cases): BadCase[] {
  return Object.entries(table).map(([name, bytes]) => ({ name, target, connection, bytes }))
}

type Cases = Readonly<Record<string, Buffer>>

function lengths(target: Target): Cases {
  const { code, extFields } = good[target]
  const frame = jsonRequest(code, extFields)
  const header = frame.subarray(8)
  return {
    'good JSON request': frame,
    'good binary request': binaryRequest(code, extFields),
    'two good requests in one write': Buffer.concat([frame, frame]),
    'good request, then a bad length': Buffer.concat([frame, int32(-1), int32(0)]),
    'garbage text': Buffer.from('hello rocketmq, this is not a frame\r\n'),
    'garbage: an HTTP request': Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    'garbage: an HTTP/2 preface': Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    'garbage: 64 bytes of ff': Buffer.alloc(64, 0xff),
    'garbage: 64 bytes of 00': Buffer.alloc(64),
    'garbage: one byte': Buffer.from([0x47]),
    'garbage: TLS handshake byte, then noise': Buffer.from(
      '1603010005' + 'deadbeef'.repeat(4),
      'hex',
    ),
    'garbage: TLS handshake byte alone': Buffer.from([0x16]),
    'garbage: PROXY line, then noise': Buffer.from('PROXY nonsense\r\n'),
    'garbage: PROXY v2 signature, then noise': Buffer.from(
      '0d0a0d0a000d0a515549540affffffff',
      'hex',
    ),
    'good PROXY v1 line, then a good request': Buffer.concat([
      Buffer.from('PROXY TCP4 10.1.2.3 10.4.5.6 1234 9876\r\n'),
      frame,
    ]),
    'length 2 GiB - 1': int32(0x7fffffff),
    'length 2 GiB - 1, then a header': Buffer.concat([int32(0x7fffffff), frame.subarray(4)]),
    'length most negative': Buffer.concat([int32(-0x80000000), int32(0)]),
    'length -1': Buffer.concat([int32(-1), int32(0)]),
    'length -4': Buffer.concat([int32(-4), int32(0)]),
    'length -5': Buffer.concat([int32(-5), int32(0)]),
    'length 0': int32(0),
    'length 0, then a good request': Buffer.concat([int32(0), frame]),
    'length 1': Buffer.concat([int32(1), Buffer.alloc(1)]),
    'length 3': Buffer.concat([int32(3), Buffer.alloc(3)]),
    'length 4, empty JSON header': Buffer.concat([int32(4), int32(0)]),
    'length 4, empty binary header': Buffer.concat([int32(4), int32(0x01000000)]),
    'length such that the frame is just at 16 MiB': int32(MAX_FRAME_BYTES - 4),
    'length such that the frame is one byte over 16 MiB': int32(MAX_FRAME_BYTES - 3),
    'length 16 MiB': int32(MAX_FRAME_BYTES),
    'length over 16 MiB, with a header': Buffer.concat([
      int32(MAX_FRAME_BYTES + 1),
      frame.subarray(4),
    ]),
    'length one byte short of the frame': rawFrame(0, header, undefined, {
      frameBytes: 3 + header.length,
    }),
    'header length one longer than the frame': rawFrame(0, header, undefined, {
      headerBytes: header.length + 1,
    }),
    'header length 16 MiB - 1': rawFrame(0, header, undefined, { headerBytes: 0xffffff }),
    'header length 0 with bytes after it': rawFrame(0, header, undefined, { headerBytes: 0 }),
    'header length one too short': rawFrame(0, header, undefined, {
      headerBytes: header.length - 1,
    }),
    'binary header length longer than the frame': rawFrame(
      1,
      binaryHeader(code, extFields),
      undefined,
      {
        headerBytes: 5000,
      },
    ),
    'serialize type 2': rawFrame(2, header),
    'serialize type 127': rawFrame(127, header),
    'serialize type 255': rawFrame(255, header),
    'JSON header under the binary type': rawFrame(1, header),
    'binary header under the JSON type': rawFrame(0, binaryHeader(code, extFields)),
    'half a frame': frame.subarray(0, 20),
    'only the length': frame.subarray(0, 4),
  }
}

function jsonHeaders(target: Target): Cases {
  const { code, extFields } = good[target]
  const text = jsonHeader({ code, extFields })
  const cut = jsonHeader({ code, extFields: { ...extFields, more: '消息' } })
  const cutBytes = Buffer.from(cut)
  const invalid = Buffer.from(text.replace('TopicTest', 'Topic\x01Test'), 'latin1')
  invalid[invalid.indexOf(1)] = 0xff
  const nested = (depth: number): string =>
    text.replace('{', `{"other":${'['.repeat(depth)}${']'.repeat(depth)},`)
  return {
    'header that is not JSON': jsonText('this is no JSON at all'),
    'header that is an empty object': jsonText('{}'),
    'header that is an empty array': jsonText('[]'),
    'header that is an array of headers': jsonText(`[${text}]`),
    'header that is a string': jsonText('"header"'),
    'header that is a number': jsonText('105'),
    'header that is null': jsonText('null'),
    'header that is true': jsonText('true'),
    'header that is a blank': jsonText(' '),
    'header with blanks around it': jsonText(` \r\n\t${text} \r\n\t`),
    'header with a byte order mark': jsonText(`\ufeff${text}`),
    'header with text after it': jsonText(`${text} trailing`),
    'header with a second object after it': jsonText(text + text),
    'header cut in the middle': jsonText(text.slice(0, text.length >> 1)),
    'header without its last brace': jsonText(text.slice(0, -1)),
    'header cut inside a UTF-8 sequence': jsonText(
      cutBytes.subarray(0, cutBytes.indexOf(0xe6) + 2),
    ),
    'header with an invalid UTF-8 byte in a value': jsonText(invalid),
    'header with a NUL in a value': jsonText(text.replace('TopicTest', 'Topic\0Test')),
    'header with a raw newline in a value': jsonText(text.replace('TopicTest', 'Topic\nTest')),
    'header with an unfinished escape': jsonText(text.replace('TopicTest', 'Topic\\u12')),
    'header with an unknown escape': jsonText(text.replace('TopicTest', 'Topic\\qTest')),
    'header with single quotes': jsonText(text.replaceAll('"', "'")),
    'header with bare member names': jsonText(text.replaceAll(/"(\w+)":/g, '$1:')),
    'header with a comment': jsonText(text.replace('{', '{/* comment */')),
    'header with a comma before the brace': jsonText(text.replace(/}$/, ',}')),
    'header with a member given twice': jsonText(text.replace('{', '{"code":9999,')),
    'header with 100 nested arrays in an unknown member': jsonText(nested(100)),
    'header with 1,000 nested arrays in an unknown member': jsonText(nested(1000)),
    'header with 5,000 nested arrays in an unknown member': jsonText(nested(5000)),
    'header with 1,000 nested objects in an unknown member': jsonText(
      text.replace('{', `{"other":${'{"a":'.repeat(1000)}1${'}'.repeat(1000)},`),
    ),
  }
}

function jsonMembers(target: Target): Cases {
  const { code, extFields } = good[target]
  const header = (changes: object): Buffer => jsonText(jsonHeader({ code, extFields, ...changes }))
  const raw = (member: string, text: string): Buffer =>
    jsonText(jsonHeader({ code, extFields, [member]: '@@' }).replace('"@@"', text))
  return {
    'code missing': header({ code: undefined }),
    'code null': header({ code: null }),
    'code as a string of digits': header({ code: String(code) }),
    'code as other text': header({ code: 'SEND_MESSAGE' }),
    'code as an empty string': header({ code: '' }),
    'code with a zero fraction': raw('code', `${code}.0`),
    'code with a fraction': raw('code', `${code}.7`),
    'code with an exponent': raw('code', `${code / 10}e1`),
    'code beyond 32 bits': raw('code', '4294967401'),
    'code beyond 64 bits': raw('code', '99999999999999999999'),
    'code true': header({ code: true }),
    'code an object': header({ code: {} }),
    'code an array': header({ code: [code] }),
    'code with a leading zero': raw('code', `0${code}`),
    'code in hexadecimal': raw('code', `0x${code.toString(16)}`),
    'opaque missing': header({ opaque: undefined }),
    'opaque null': header({ opaque: null }),
    'opaque as a string of digits': header({ opaque: '7' }),
    'opaque beyond 32 bits': raw('opaque', '4294967303'),
    'opaque negative': header({ opaque: -7 }),
    'flag missing': header({ flag: undefined }),
    'flag as a string of digits': header({ flag: '0' }),
    'flag null': header({ flag: null }),
    'version missing': header({ version: undefined }),
    'version as a string of digits': header({ version: '513' }),
    'version negative': header({ version: -1 }),
    'version of the far future': header({ version: 99999 }),
    'language missing': header({ language: undefined }),
    'language null': header({ language: null }),
    'language unknown': header({ language: 'KLINGON' }),
    'language in lower case': header({ language: 'java' }),
    'language as a number': header({ language: 0 }),
    'language as an unknown number': header({ language: 99 }),
    'language an object': header({ language: {} }),
    'serializeTypeCurrentRPC missing': header({ serializeTypeCurrentRPC: undefined }),
    'serializeTypeCurrentRPC that differs from the frame': header({
      serializeTypeCurrentRPC: 'ROCKETMQ',
    }),
    'serializeTypeCurrentRPC unknown': header({ serializeTypeCurrentRPC: 'XML' }),
    'remark null': header({ remark: null }),
    'remark a number': header({ remark: 5 }),
    'remark an object': header({ remark: { a: 1 } }),
    'unknown members': header({
      extra: 1,
      another: { a: [1, 'x', null] },
      type: 'RESPONSE_COMMAND',
    }),
    'members of the Java class that are not wire members': header({
      body: 'YWJj',
      customHeader: { topic: 'x' },
      suspended: true,
      oneway: true,
      responseType: true,
      onewayRPC: true,
    }),
    'extFields missing': header({ extFields: undefined }),
    'extFields null': header({ extFields: null }),
    'extFields an array': header({ extFields: [] }),
    'extFields a string': header({ extFields: 'topic=TopicTest' }),
    'extFields a number': header({ extFields: 5 }),
    'extFields with unknown fields': header({ extFields: { ...extFields, unknown: 'x', '': 'y' } }),
    'extFields with numbers and booleans': header({
      extFields: { topic: 'TopicTest', queueId: 0, acceptStandardJsonOnly: true },
    }),
    'extFields with a fraction': header({ extFields: { topic: 'TopicTest', queueId: 0.5 } }),
    'extFields with a null value': header({ extFields: { ...extFields, lo: null } }),
    'extFields with a null topic': header({ extFields: { ...extFields, topic: null } }),
    'extFields with an object value': header({ extFields: { ...extFields, lo: { a: 1 } } }),
    'extFields with an array value': header({ extFields: { ...extFields, lo: [1] } }),
    'extFields with a value given twice': jsonText(
      jsonHeader({ code, extFields }).replace('"topic":', '"topic":"Nowhere","topic":'),
    ),
    'extFields with 1,000 fields': header({
      extFields: {
        ...extFields,
        ...Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`field${i}`, String(i)])),
      },
    }),
  }
}

function binaryHeaders(target: Target): Cases {
  const { code, extFields } = good[target]
  const whole = binaryHeader(code, extFields, { remark: 'hi' })
  // code 2, language 1, version 2, opaque 4, flag 4, remark length 4, remark 2, ext length 4, entries.
  const cuts = {
    code: 1,
    language: 2,
    version: 4,
    opaque: 8,
    flag: 12,
    'remark length': 15,
    remark: 18,
    'ext length': 20,
  }
  const truncated = Object.fromEntries(
    Object.entries(cuts).map(([field, bytes]) => [
      `binary header cut inside ${field}`,
      binaryFrame(whole.subarray(0, bytes)),
    ]),
  )
  const upToRemark = binaryHeader(code, {}).subarray(0, 13)
  const withRemarkLength = (length: number): Buffer =>
    binaryFrame(Buffer.concat([upToRemark, int32(length), Buffer.from('remark'), int32(0)]))
  const withExt = (ext: Uint8Array, length: number = ext.length): Buffer =>
    binaryFrame(Buffer.concat([upToRemark, int32(0), int32(length), ext]))
  const topic = Buffer.concat([int16(5), Buffer.from('topic'), int32(9), Buffer.from('TopicTest')])
  const queueId = Buffer.concat([int16(7), Buffer.from('queueId'), int32(1), Buffer.from('0')])
  const entries = Buffer.concat([topic, queueId])
  return {
    ...truncated,
    'binary header cut after the flag': binaryFrame(whole.subarray(0, 13)),
    'binary header cut after the remark': binaryFrame(whole.subarray(0, 19)),
    'binary header cut inside the entries': binaryFrame(whole.subarray(0, whole.length - 3)),
    'binary header with bytes after the entries': binaryFrame(
      Buffer.concat([whole, Buffer.alloc(9, 0x41)]),
    ),
    'binary remark length negative': withRemarkLength(-1),
    'binary remark length beyond the frame': withRemarkLength(1000),
    'binary remark length 2 GiB - 1': withRemarkLength(0x7fffffff),
    'binary ext length negative': withExt(entries, -1),
    'binary ext length most negative': withExt(entries, -0x80000000),
    'binary ext length beyond the frame': withExt(entries, entries.length + 1),
    'binary ext length 2 GiB - 1': withExt(entries, 0x7fffffff),
    'binary ext length one short': withExt(entries, entries.length - 1),
    'binary ext length 0 with entries after it': withExt(entries, 0),
    'binary ext of one byte': withExt(Buffer.from([0])),
    'binary key length negative': withExt(Buffer.concat([entries, int16(-1), Buffer.from('k')])),
    'binary key length 0': withExt(Buffer.concat([entries, int16(0), int32(1), Buffer.from('v')])),
    'binary key length beyond the frame': withExt(
      Buffer.concat([entries, int16(500), Buffer.from('k')]),
    ),
    'binary value length negative': withExt(
      Buffer.concat([entries, int16(1), Buffer.from('k'), int32(-1), Buffer.from('v')]),
    ),
    'binary value length 0': withExt(
      Buffer.concat([entries, int16(1), Buffer.from('k'), int32(0)]),
    ),
    'binary topic of length 0': withExt(
      Buffer.concat([queueId, int16(5), Buffer.from('topic'), int32(0)]),
    ),
    'binary value length beyond the frame': withExt(
      Buffer.concat([entries, int16(1), Buffer.from('k'), int32(500), Buffer.from('v')]),
    ),
    'binary value missing': withExt(Buffer.concat([entries, int16(1), Buffer.from('k')])),
    'binary entry given twice': withExt(
      Buffer.concat([int16(5), Buffer.from('topic'), int32(1), Buffer.from('x'), entries]),
    ),
    'binary value with invalid UTF-8': withExt(
      Buffer.concat([entries, int16(1), Buffer.from('k'), int32(2), Buffer.from([0xff, 0xe6])]),
    ),
    'binary language unknown': binaryRequest(code, extFields, { language: 99 }),
    'binary language 255': binaryRequest(code, extFields, { language: 255 }),
    'binary language NODE_JS': binaryRequest(code, extFields, { language: 13 }),
    'binary code negative': binaryRequest(-2, {}),
    'binary code beyond 16 bits': binaryRequest(200_050, {}),
    'binary unknown code': binaryRequest(9999, {}),
    'binary unknown code, oneway': binaryRequest(9999, {}, { flag: 2 }),
    'binary response nobody waits for': binaryRequest(0, {}, { flag: 1 }),
  }
}

function codesAndFlags(target: Target): Cases {
  const { code, extFields } = good[target]
  const header = (changes: object): Buffer => jsonText(jsonHeader({ code, extFields, ...changes }))
  return {
    'unknown code': header({ code: 99_999 }),
    'unknown code, oneway': header({ code: 99_999, flag: 2 }),
    'code 0': header({ code: 0 }),
    'code -1': header({ code: -1 }),
    'code that no server has a processor for': header({ code: 13 }),
    'good request, oneway': header({ flag: 2 }),
    'good request with unknown flag bits': header({ flag: 4 }),
    'good request with all flag bits but the lowest two': header({ flag: 0x7ffffffc }),
    'response nobody waits for': header({ flag: 1 }),
    'response nobody waits for, oneway': header({ flag: 3 }),
    'good request with a body that is not used': jsonRequest(code, extFields, 'unused'),
    'code of the other server': target === 'namesrv' ? header({ code: 30 }) : header({ code: 105 }),
  }
}
