// SPDX-License-Identifier: Apache-2.0
// One configuration key of Java: its name, its type, and the text of its default.

/** The types Java's configuration classes use. */
export type JavaType =
  | 'String'
  | 'int'
  | 'long'
  | 'double'
  | 'boolean'
  | 'BrokerRole'
  | 'FlushDiskType'
  | 'MessageRequestMode'
  | 'MetricsExporterType'

/** Name, type, and default as text; `null` where Java has none or takes it from the machine. */
export type JavaKey = readonly [name: string, type: JavaType, fallback: string | null]

const choices: Partial<Record<JavaType, readonly string[]>> = {
  boolean: ['true', 'false'],
  BrokerRole: ['ASYNC_MASTER', 'SYNC_MASTER', 'SLAVE'],
  FlushDiskType: ['ASYNC_FLUSH', 'SYNC_FLUSH'],
  MessageRequestMode: ['PULL', 'POP'],
  MetricsExporterType: ['DISABLE', 'OTLP_GRPC', 'PROM', 'LOG'],
}

/** Says what is wrong with `text` as a value of `type`; undefined when nothing is. */
export function faultOf(type: JavaType, text: string): string | undefined {
  const allowed = choices[type]
  if (allowed !== undefined) {
    return allowed.includes(type === 'boolean' ? text.toLowerCase() : text)
      ? undefined
      : `must be one of ${allowed.join(', ')}`
  }
  if (type === 'String') return undefined
  if (type === 'double') {
    return Number.isFinite(Number(text)) && text.trim() !== '' ? undefined : 'must be a number'
  }
  if (!/^[+-]?\d{1,19}$/.test(text)) return 'must be a whole number'
  const value = BigInt(text)
  const bits = type === 'int' ? 32 : 64
  return BigInt.asIntN(bits, value) === value ? undefined : `does not fit Java's ${type}`
}
