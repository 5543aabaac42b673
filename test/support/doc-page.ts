// Pages of docs/ whose code blocks are run: each block in a file of its own, in a folder that sees the house's types.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as assert from 'uvu/assert'

const root = join(import.meta.dir, '..', '..')

/** A page's text, its blocks by the file name with which their first comment starts, and a folder to run them in. */
export const docPage = async (name: string, ...path: ReadonlyArray<string>) => {
  const folder = join(root, `docs-${name}-${process.pid}.tmp`)
  const page = await Bun.file(join(root, 'docs', ...path)).text()
  const blocks = new Map(
    [...page.matchAll(/```ts\n(\/\/ ([\w.-]+\.ts): [\s\S]*?)```/g)].map(
      ([, code = '', file = '']) => [file, code] as const,
    ),
  )
  /** The output of a command in the folder, which must end well. */
  const run = async (...command: ReadonlyArray<string>): Promise<string> => {
    const child = Bun.spawn([...command], { cwd: folder, stdout: 'pipe', stderr: 'pipe' })
    const output = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ])
    assert.is(await child.exited, 0, output.join('\n'))
    return output.join('\n')
  }
  const write = async (): Promise<void> => {
    await mkdir(folder)
    for (const [file, code] of blocks) await Bun.write(join(folder, file), code)
  }
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  const typeCheck = async (): Promise<void> => {
    const config = { extends: '../tsconfig.json', include: ['*.ts', '../src/wgsl.d.ts'] }
    await Bun.write(join(folder, 'tsconfig.json'), JSON.stringify(config))
    await run(join(root, 'node_modules', '.bin', 'tsc'), '-p', '.')
  }
  return { root, folder, page, blocks, run, write, remove, typeCheck }
}
