// Acquire: the one module that owns the lifetime of Dawn instances, adapters and devices.
import * as TE from 'fp-ts/TaskEither'
import { pipe } from 'fp-ts/function'
import type { Family, Target } from '../core/dispatch.ts'
import { type Fault, fault } from '../core/fault.ts'
import type { EngineInfo, EngineOptions } from './engine.ts'

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

const FEATURES: ReadonlyArray<GPUFeatureName> = ['subgroups', 'timestamp-query']

const noAdapter = (why: string): Fault =>
  fault(
    `no WebGPU adapter (${why})`,
    '--device webgpu',
    'install a Vulkan driver (Debian: mesa-vulkan-drivers 24 or newer) or use --device cpu',
  )

const isSoftware = (info: GPUAdapterInfo): boolean =>
  info.isFallbackAdapter ||
  /llvmpipe|lavapipe|swiftshader/i.test(`${info.device} ${info.description} ${info.architecture}`)

const familyOf = (info: GPUAdapterInfo, features: GPUSupportedFeatures): Family => {
  if (!isSoftware(info)) return 'tiled'
  const eightLanes = info.subgroupMinSize === 8 && info.subgroupMaxSize === 8
  return eightLanes && features.has('subgroups') ? 'subgroup' : 'texture'
}

const infoOf = (adapter: GPUAdapter, family: Family): EngineInfo => ({
  engine: 'webgpu',
  adapter: adapter.info.device || adapter.info.architecture || 'unnamed adapter',
  driver: adapter.info.description,
  vendor: adapter.info.vendor,
  software: isSoftware(adapter.info),
  family,
  features: [...adapter.features].sort(),
  limits: Object.fromEntries(LIMITS.map(name => [name, Number(adapter.limits[name])])),
})

const targetOf = (limits: GPUSupportedLimits, family: Family): Target => ({
  family,
  limits: {
    maxWorkgroups: limits.maxComputeWorkgroupsPerDimension,
    maxBindingBytes: limits.maxStorageBufferBindingSize,
    maxBufferBytes: limits.maxBufferSize,
    maxTextureSize: limits.maxTextureDimension2D,
    workgroupBytes: limits.maxComputeWorkgroupStorageSize,
  },
})

const deviceFrom = async (gpu: GPU, options: EngineOptions): Promise<Acquired> => {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter === null) throw new Error('Dawn finds none')
  const family = options.family ?? familyOf(adapter.info, adapter.features)
  const device = await adapter.requestDevice({
    requiredFeatures: FEATURES.filter(f => adapter.features.has(f)),
    requiredLimits: Object.fromEntries(LIMITS.map(name => [name, adapter.limits[name]])),
  })
  return {
    device,
    info: infoOf(adapter, family),
    target: targetOf(device.limits, family),
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
        const gpu = create(options.checked ? [] : [`enable-dawn-features=${FAST}`])
        instances.add(gpu)
        return deviceFrom(gpu, options).catch(error => {
          instances.delete(gpu)
          throw error
        })
      },
      error => noAdapter(error instanceof Error ? error.message : String(error)),
    ),
  )
