// What `collapse weights` does: shows the table of files, or fetches one of them with progress.
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Fault, fault } from '../../src/core/fault.ts'
import { download, type Fetched, partOf } from '../../src/data/download.ts'
import { publicFiles, type WeightFile, weightFile } from '../../src/data/weight-files.ts'
import type { Ending } from '../exit.ts'
import type { Tracked } from '../progress.ts'
import type { Run, Session } from '../run.ts'
import type { WeightsFlags } from '../weights.ts'

const mebibytes = (bytes: number): number => Math.round((10 * bytes) / 2 ** 20) / 10

const list = ({ common, print }: Session): Ending => {
  if (common.json) {
    print(JSON.stringify(publicFiles.map(({ name, file, what }) => ({ name, file, what }))))
  } else {
    for (const { name, file, mebibytes: size, what } of publicFiles) {
      print(`${name}: ${file}, ${size} MiB, ${what}`)
    }
  }
  return 'done'
}

/** Progress in MiB, begun with the first piece, since only the server tells the size. */
const tracker = (session: Session, file: string, most: number) => {
  let tracked: Tracked | undefined
  return {
    onProgress: (done: number, total: number | null): void => {
      tracked ??= session.progress.start(`${file} (MiB)`, mebibytes(total ?? most), mebibytes(done))
      tracked.update(mebibytes(done))
    },
    stop: (): void => tracked?.stop(),
  }
}

const fetchWith = (
  session: Session,
  { file, url, sha256, most }: WeightFile,
  to: string,
): TE.TaskEither<Fault, Fetched> => {
  const interruption = session.interruption()
  const { onProgress, stop } = tracker(session, file, most)
  return TE.bracket(
    TE.right(undefined),
    () =>
      download({
        url,
        to,
        sha256,
        most,
        onProgress,
        onTrouble: trouble => session.progress.log(`${trouble.what}; trying again`),
        isStopped: interruption.asked,
      }),
    () => TE.fromIO(stop),
  )
}

const report = async (
  { common, print, progress }: Session,
  { file, url, sha256 }: WeightFile,
  to: string,
  fetched: Fetched,
): Promise<Ending> => {
  if (fetched === 'stopped') {
    progress.log(`stopped; the same command goes on from ${partOf(to)}`)
    return 'interrupted'
  }
  const { size } = await stat(to)
  if (common.json) {
    const checked = sha256 !== null
    print(JSON.stringify({ file, path: to, bytes: size, url, result: fetched, checked }))
    return 'done'
  }
  if (sha256 === null) progress.log('its name holds no hash: only its length was checked')
  print(fetched === 'present' ? `${to} is there already` : `${to}: ${mebibytes(size)} MiB`)
  return 'done'
}

const get = (
  name: string,
  { mirror, out }: WeightsFlags,
  session: Session,
): TE.TaskEither<Fault, Ending> =>
  pipe(
    TE.fromEither(weightFile(name, mirror)),
    TE.chain(what => {
      const to = join(out ?? join(session.common.dataRoot, 'weights'), what.file)
      return pipe(
        fetchWith(session, what, to),
        TE.chainTaskK(fetched => () => report(session, what, to, fetched)),
      )
    }),
  )

/** Lists the public files, or downloads one into a folder. */
export const runWeights: Run<WeightsFlags> = (flags, session) => {
  if (flags.action === 'list') return TE.fromIO(() => list(session))
  return flags.name === undefined
    ? TE.fromEither(
        E.left(
          fault('no name given', 'weights get <name>', 'collapse weights list shows what there is'),
        ),
      )
    : get(flags.name, flags, session)
}
