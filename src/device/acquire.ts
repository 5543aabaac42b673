// Acquire: the one module that owns the lifetime of Dawn instances, adapters and devices.
import * as TE from 'fp-ts/TaskEither'
import { pipe } from 'fp-ts/function'
import type { Family, Precision, Target, DeviceTuning } from '../core/dispatch.ts'
import { type Fault, fault } from '../core/fault.ts'
import type { EngineInfo, EngineOptions } from './engine.ts'
import { withoutUselessLines } from './native-stderr.ts'

/** A device ready for use, what is known of its adapter, and how to give it back. */
export interface Acquired {
  readonly device: GPUDevice
  readonly info: EngineInfo
  readonly target: Target
  readonly release: () => void
}

/** Instances in use. A collected instance is freed while Dawn still polls it, which crashes: so they are held here. */
export const instances: Set<GPU> = new Set()

const FAST = 'skip_validation,disable_robustness,disable_workgroup_init'

/** What Dawn asks for before it offers f16 and matrix units of subgroups on NVIDIA. */
const HALVES = 'allow_unsafe_apis,vulkan_enable_f16_on_nvidia'

const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxStorageTexturesPerShaderStage',
  'maxTextureDimension2D',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
  'maxUniformBufferBindingSize',
] as const

const FEATURES = ['subgroups', 'timestamp-query', 'shader-f16']

/** What the shaders of f16 products need. */
const HALVES_FEATURES = ['subgroups', 'shader-f16', 'chromium-experimental-subgroup-matrix']

const noAdapter = (why: string): Fault =>
  fault(
    `no WebGPU adapter (${why})`,
    '--device webgpu',
    'install a Vulkan driver (Debian: mesa-vulkan-drivers 24 or newer) or use --device cpu',
  )

const isSoftware = (info: GPUAdapterInfo): boolean =>
  info.isFallbackAdapter ||
  /llvmpipe|lavapipe|swiftshader/i.test(`${info.device} ${info.description} ${info.architecture}`)

/** Who an adapter is. */
type Named = Pick<EngineInfo, 'vendor' | 'adapter' | 'driver'>

const nameOf = ({ vendor, device, architecture, description }: GPUAdapterInfo): Named => ({
  vendor,
  adapter: device || architecture || 'unnamed adapter',
  driver: description,
})

/** The measurement of the adapter of that vendor, name and driver, if there is one. */
export const tuningOf = (
  { vendor, adapter, driver }: Named,
  tunings: ReadonlyArray<DeviceTuning> = [],
): DeviceTuning | undefined =>
  tunings.find(t => t.vendor === vendor && t.adapter === adapter && t.driver === driver)

/** The measured family counts on software Vulkan, and only where the adapter can run it. */
const familyOf = (
  info: GPUAdapterInfo,
  features: GPUSupportedFeatures,
  measured: Family | null,
): Family => {
  if (!isSoftware(info)) return 'tiled'
  const eightLanes = info.subgroupMinSize === 8 && info.subgroupMaxSize === 8
  const broadcasts = eightLanes && features.has('subgroups')
  if (measured !== null && (broadcasts || measured !== 'subgroup')) return measured
  return broadcasts ? 'subgroup' : 'texture'
}

const isHalvesConfig = (config: unknown): boolean => {
  const known = Object.entries({
    M: 16,
    N: 16,
    K: 16,
    componentType: 'f16',
    resultComponentType: 'f32',
  })
  return (
    typeof config === 'object' &&
    config !== null &&
    known.every(([key, value]) => Reflect.get(config, key) === value)
  )
}

/** What of an adapter tells whether f16 products can run: matrices of 16 x 16 x 16 for subgroups of 32 lanes. */
export interface MatrixUnits {
  readonly features: { readonly has: (feature: string) => boolean }
  readonly info: object
}

/** Has the adapter the matrix units that f16 products are written for? */
export const hasHalves = ({ features, info }: MatrixUnits): boolean => {
  const configs: unknown = Reflect.get(info, 'subgroupMatrixConfigs')
  return (
    HALVES_FEATURES.every(f => features.has(f)) &&
    Array.isArray(configs) &&
    configs.some(isHalvesConfig) &&
    Reflect.get(info, 'subgroupMinSize') === 32 &&
    Reflect.get(info, 'subgroupMaxSize') === 32
  )
}

const precisionOf = (adapter: GPUAdapter, family: Family, options: EngineOptions): Precision =>
  options.precision === 'f16' && family === 'tiled' && hasHalves(adapter) ? 'f16' : 'f32'

/** What is chosen for an adapter. */
interface Choice {
  readonly family: Family
  readonly precision: Precision
  readonly tuning: DeviceTuning | undefined
}

const choiceFor = (adapter: GPUAdapter, options: EngineOptions): Choice => {
  const tuning = tuningOf(nameOf(adapter.info), options.tunings)
  const measured = tuning?.family ?? null
  const family = options.family ?? familyOf(adapter.info, adapter.features, measured)
  return { family, precision: precisionOf(adapter, family, options), tuning }
}

const infoOf = (adapter: GPUAdapter, { family, precision, tuning }: Choice): EngineInfo => ({
  engine: 'webgpu',
  ...nameOf(adapter.info),
  software: isSoftware(adapter.info),
  family,
  precision,
  tuned: tuning !== undefined,
  features: [...adapter.features].sort(),
  limits: Object.fromEntries(LIMITS.map(name => [name, Number(adapter.limits[name])])),
})

const targetOf = (limits: GPUSupportedLimits, { family, precision, tuning }: Choice): Target => ({
  family,
  precision,
  ...(tuning === undefined ? {} : { reaches: tuning.reaches }),
  limits: {
    maxWorkgroups: limits.maxComputeWorkgroupsPerDimension,
    maxBindingBytes: limits.maxStorageBufferBindingSize,
    maxBufferBytes: limits.maxBufferSize,
    maxTextureSize: limits.maxTextureDimension2D,
    workgroupBytes: limits.maxComputeWorkgroupStorageSize,
  },
})

const deviceFrom = async (gpu: GPU, options: EngineOptions): Promise<Acquired> => {
  const adapter = await withoutUselessLines(() =>
    gpu.requestAdapter({ powerPreference: 'high-performance' }),
  )
  if (adapter === null) throw new Error('Dawn finds none')
  const choice = choiceFor(adapter, options)
  const offered = (name: string): name is GPUFeatureName => adapter.features.has(name)
  const wanted = choice.precision === 'f16' ? [...FEATURES, ...HALVES_FEATURES] : FEATURES
  const device = await adapter.requestDevice({
    requiredFeatures: [...new Set(wanted)].filter(offered),
    requiredLimits: Object.fromEntries(LIMITS.map(name => [name, adapter.limits[name]])),
  })
  return {
    device,
    info: infoOf(adapter, choice),
    target: targetOf(device.limits, choice),
    release: () => {
      device.destroy()
      instances.delete(gpu)
    },
  }
}

/** Opens the first adapter that Dawn finds with all its limits. `Left` where there is none. */
export const acquire = (options: EngineOptions): TE.TaskEither<Fault, Acquired> =>
  pipe(
    TE.tryCatch(
      async () => {
        const { create, globals } = await import('webgpu')
        Object.assign(globalThis, globals)
        const toggles = [
          ...(options.checked ? [] : [FAST]),
          ...(options.precision === 'f16' ? [HALVES] : []),
        ].join(',')
        const gpu = create(toggles === '' ? [] : [`enable-dawn-features=${toggles}`])
        instances.add(gpu)
        return deviceFrom(gpu, options).catch(error => {
          instances.delete(gpu)
          throw error
        })
      },
      error => noAdapter(error instanceof Error ? error.message : String(error)),
    ),
  )
