// SPDX-License-Identifier: Apache-2.0
// Users in memory for servers that ask for signatures and nothing else.
import type { UserSource } from './authenticate.ts'
import type { User } from './user.ts'

/** A user as authentication needs it. The access key is the name. */
export interface SigningUser {
  readonly accessKey: string
  readonly secretKey: string
  /** A disabled user is refused whatever the signature. */
  readonly enabled?: boolean
}

/** Users by access key. */
export class UserTable implements UserSource {
  readonly #users = new Map<string, Pick<User, 'password' | 'userStatus'>>()

  constructor(users: Iterable<SigningUser> = []) {
    for (const user of users) this.put(user)
  }

  /** Adds the user, or replaces the one of that access key. */
  put({ accessKey, secretKey, enabled = true }: SigningUser): void {
    const userStatus = enabled ? 'enable' : 'disable'
    this.#users.set(accessKey, { password: secretKey, userStatus })
  }

  delete(accessKey: string): boolean {
    return this.#users.delete(accessKey)
  }

  find(accessKey: string): Pick<User, 'password' | 'userStatus'> | undefined {
    return this.#users.get(accessKey)
  }
}
