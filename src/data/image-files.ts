// Image files on disk by class: in folders, and in tar archives that are read in place.
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { tarPlaces, type TarPlace } from '../codec/tar.ts'
import { type Fault, fault } from '../core/fault.ts'
import {
  type ClassTree,
  classTree,
  isImageName,
  type Listing,
  splitFolders,
  withoutCommonFolders,
} from './class-tree.ts'
import { closeFile, openFile, readBytes, unreadable } from './feature-source-bytes.ts'
import { looksLikeGzip, readWhole } from './whole-file.ts'

/** Image files by class, in a folder or an archive, and how one of them is read. */
export interface ImageFiles extends ClassTree {
  readonly where: string
  readonly read: (path: string) => TE.TaskEither<Fault, Uint8Array>
}

/** An image file has at most as many bytes (64 MiB). */
const MOST_BYTES = 2 ** 26

/** Folders within a class folder are followed so deep; links to folders are followed to class folders only. */
const DEEPEST = 8

const isFolder = async (entry: Dirent, folder: string): Promise<boolean> => {
  if (!entry.isSymbolicLink()) return entry.isDirectory()
  return (await stat(join(folder, entry.name)).catch(() => null))?.isDirectory() ?? false
}

const entriesOf = async (root: string, under: string): Promise<ReadonlyArray<Dirent>> => {
  const entries = await readdir(join(root, under), { withFileTypes: true })
  return entries.filter(({ name }) => !name.startsWith('.'))
}

const foldersIn = async (root: string, under: string): Promise<ReadonlyArray<string>> => {
  const entries = await entriesOf(root, under)
  const are = await Promise.all(entries.map(entry => isFolder(entry, join(root, under))))
  return entries
    .filter((_, i) => are[i])
    .map(({ name }) => (under === '' ? name : `${under}/${name}`))
}

const imagesIn = async (
  root: string,
  under: string,
  deep: number,
): Promise<ReadonlyArray<string>> => {
  const entries = await entriesOf(root, under)
  const path = ({ name }: Dirent): string => (under === '' ? name : `${under}/${name}`)
  const images = entries.filter(e => !e.isDirectory() && isImageName(e.name)).map(path)
  const folders = deep > 0 ? entries.filter(e => e.isDirectory()).map(path) : []
  const within: Array<string> = []
  for (const folder of folders)
    for (const p of await imagesIn(root, folder, deep - 1)) within.push(p)
  return [...images, ...within]
}

const list = async (root: string): Promise<Listing> => {
  const tops = await foldersIn(root, '')
  const splits = [...splitFolders(tops).keys()]
  const classFolders =
    splits.length === 0
      ? tops
      : (await Promise.all(splits.map(split => foldersIn(root, split)))).flat()
  const flat = splits.length === 0 ? [''] : splits
  const paths: Array<string> = []
  for (const folder of flat) for (const p of await imagesIn(root, folder, 0)) paths.push(p)
  for (const folder of classFolders) {
    for (const p of await imagesIn(root, folder, DEEPEST)) paths.push(p)
  }
  return { paths, classFolders }
}

const pathOf = (error: unknown, otherwise: string): string =>
  typeof error === 'object' && error !== null && 'path' in error && typeof error.path === 'string'
    ? error.path
    : otherwise

/** The image files under a folder. */
export const folderImages = (root: string): TE.TaskEither<Fault, ImageFiles> =>
  pipe(
    TE.tryCatch(
      () => list(root),
      error => ({ ...unreadable(pathOf(error, root), error), mend: 'give the path of a folder' }),
    ),
    TE.chainEitherK(listing => classTree(listing, root)),
    TE.map(tree => ({
      ...tree,
      where: root,
      read: path => readWhole(join(root, path), MOST_BYTES),
    })),
  )

const placesIn = (path: string): E.Either<Fault, ReadonlyMap<string, TarPlace>> =>
  pipe(
    openFile(path),
    E.chain(file => {
      try {
        const start = readBytes(file, 0, Math.min(2, file.size))
        if (E.isRight(start) && looksLikeGzip(start.right)) {
          return E.left(
            fault(
              'is compressed, and its images could not be read in any order',
              path,
              'gunzip it',
            ),
          )
        }
        return tarPlaces({
          where: path,
          size: file.size,
          read: (offset, size) => readBytes(file, offset, size),
        })
      } finally {
        closeFile(file)
      }
    }),
  )

/** Image files of an archive by their paths without the folders that all share. */
const imagesOf = (places: ReadonlyMap<string, TarPlace>): ReadonlyMap<string, TarPlace> => {
  const images = [...places].filter(([name]) => isImageName(name))
  const short = withoutCommonFolders(images.map(([name]) => name))
  return new Map(images.map(([name, place], i) => [short[i] ?? name, place]))
}

/** The image files in a tar archive; nothing is extracted, each is read where it lies. */
export const tarImages = (archive: string): TE.TaskEither<Fault, ImageFiles> =>
  pipe(
    TE.fromEither(placesIn(archive)),
    TE.map(imagesOf),
    TE.chainEitherK(places =>
      pipe(
        classTree({ paths: [...places.keys()], classFolders: [] }, archive),
        E.map(tree => ({
          ...tree,
          where: archive,
          read: (path: string) => readWhole(archive, MOST_BYTES, places.get(path) ?? null),
        })),
      ),
    ),
  )
