// SPDX-License-Identifier: Apache-2.0
// One test project per package, app and tool, so that a run says whose test failed and `--project` picks one.

import { existsSync, readdirSync } from 'node:fs'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const folders: string[] = ['packages', 'apps', 'tools', 'examples']
  .filter((group) => existsSync(new URL(group, import.meta.url)))
  .flatMap((group) =>
    readdirSync(new URL(group, import.meta.url)).map((name) => `${group}/${name}`),
  )

const config: ViteUserConfig = defineConfig({
  test: {
    projects: folders.map((folder) => ({
      extends: true,
      test: {
        name: folder,
        root: folder,
        include: ['**/*.test.ts'],
        exclude: ['**/node_modules/**', '**/dist/**', '**/.cache/**'],
        environment: 'node',
        // A test that hangs fails; a test on a machine that is busy otherwise does not.
        testTimeout: 60_000,
        hookTimeout: 60_000,
      },
    })),
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/testing/**'],
    },
  },
})

export default config
