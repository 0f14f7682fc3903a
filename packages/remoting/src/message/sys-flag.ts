// SPDX-License-Identifier: Apache-2.0
// The bits of a message's system flag.

/** Bits of sysFlag. Compression type and transaction type are fields of several bits: compare under their mask. */
export const SysFlag = {
  COMPRESSED: 0x1,
  MULTI_TAGS: 0x2,
  TRANSACTION_PREPARED: 0x4,
  TRANSACTION_COMMIT: 0x8,
  TRANSACTION_ROLLBACK: 0xc,
  TRANSACTION_MASK: 0xc,
  BORN_HOST_V6: 0x10,
  STORE_HOST_V6: 0x20,
  NEED_UNWRAP: 0x40,
  INNER_BATCH: 0x80,
  COMPRESSION_LZ4: 0x100,
  COMPRESSION_ZSTD: 0x200,
  COMPRESSION_ZLIB: 0x300,
  COMPRESSION_MASK: 0x700,
} as const

/** Whether the flag says the body is compressed. */
export function isCompressed(sysFlag: number): boolean {
  return (sysFlag & SysFlag.COMPRESSED) !== 0
}

/** The transaction bits: 0, prepared, commit or rollback. */
export function transactionTypeOf(sysFlag: number): number {
  return sysFlag & SysFlag.TRANSACTION_MASK
}

/** Bytes of the born host in a record with this flag: address and port. */
export function bornHostBytes(sysFlag: number): 8 | 20 {
  return (sysFlag & SysFlag.BORN_HOST_V6) === 0 ? 8 : 20
}

/** Bytes of the store host in a record with this flag: address and port. */
export function storeHostBytes(sysFlag: number): 8 | 20 {
  return (sysFlag & SysFlag.STORE_HOST_V6) === 0 ? 8 : 20
}
