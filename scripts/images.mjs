// node scripts/images.mjs build NAME…      builds images by whatever engine `docker` speaks to, and prints their sizes
// node scripts/images.mjs affected         prints as JSON the images that a change makes necessary, for CI
// node scripts/images.mjs sizes [--write]  holds docs/images.md against the sizes of the built images, or writes it
//
// CX_IMAGE_PREFIX and CX_IMAGE_TAG say how they are called (coretelecoms/<name>:dev), CX_IMAGE_SOURCE what their label says
// of where the source lies. NODE_IMAGE, PYTHON_IMAGE and AIRFLOW_IMAGE replace the base images.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, root, say } from './workspace.mjs'

const { CX_IMAGE_PREFIX: prefix = 'coretelecoms/', CX_IMAGE_TAG: tag = 'dev', CX_IMAGE_SOURCE: source } = process.env

/** Where each image is described, and the build arguments that name its bases; the last stage stands on the last one. */
const images = {
  'extract-postgres': { folder: 'apps/extract-postgres', bases: ['NODE_IMAGE'] },
  'extract-s3': { folder: 'apps/extract-s3', bases: ['NODE_IMAGE'] },
  'extract-sheets': { folder: 'apps/extract-sheets', bases: ['NODE_IMAGE'] },
  'loader-snowflake': { folder: 'apps/loader-snowflake', bases: ['NODE_IMAGE'] },
  dbt: { folder: 'dbt', bases: ['PYTHON_IMAGE'] },
  airflow: { folder: 'airflow', bases: ['AIRFLOW_IMAGE'] },
  sandbox: { folder: 'packages/sandbox', bases: ['NODE_IMAGE', 'PYTHON_IMAGE'] },
}
const page = join(root, 'docs', 'images.md')
/** What the table may be off by: the packages of the base and of the lock change a little all the time. */
const tolerance = 0.1

const [command, ...words] = process.argv.slice(2)
if (command === 'build' && words.length > 0) for (const name of words) build(name)
else if (command === 'sizes' && words.every((word) => word === '--write')) compareSizes(words.includes('--write'))
else if (command === 'affected' && words.length === 0) process.stdout.write(`${JSON.stringify(affected())}\n`)
else fail('use: node scripts/images.mjs build NAME… | sizes [--write] | affected')

/**
 * The images that a change makes necessary and that are pushed, `{ name, dockerfile }` each: what Nx says between NX_BASE
 * and NX_HEAD. The sandbox's stays where it is built.
 */
function affected() {
  const nx = join(root, 'node_modules', '.bin', 'nx')
  const projects = execFileSync(nx, ['show', 'projects', '--affected', '--withTarget=image', '--json'], {
    cwd: root,
    encoding: 'utf8',
  })
  return JSON.parse(projects)
    .map((project) => project.replace(/-image$/, ''))
    .filter((name) => name !== 'sandbox')
    .sort()
    .map((name) => ({ name, dockerfile: `${images[name].folder}/Dockerfile` }))
}

function build(name) {
  const image = images[name] ?? fail(`there is no image ${name}; there are ${Object.keys(images).join(', ')}`)
  // Labels rather than build arguments: some engines take a layer that names an argument from their cache although its
  // value is another one.
  const labels = {
    source,
    // A tree that is not committed says so.
    revision: git('describe', '--always', '--abbrev=40', '--dirty', '--exclude=*'),
    created: git('log', '-1', '--format=%cI'),
  }
  const flags = [
    ...image.bases
      .filter((base) => process.env[base])
      .flatMap((base) => ['--build-arg', `${base}=${process.env[base]}`]),
    ...Object.entries(labels).flatMap(([key, value]) =>
      value ? ['--label', `org.opencontainers.image.${key}=${value}`] : [],
    ),
  ]
  const startedAt = Date.now()
  docker(['build', '--file', `${image.folder}/Dockerfile`, '--tag', nameOf(name), ...flags, '.'], 'inherit')
  const { total, own } = measure(name)
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0)
  say(`${nameOf(name)}: ${megabytes(total)} MB, of them ${megabytes(own)} MB over its base, in ${seconds} s`)
}

/** Bytes of an image, and of what it adds to its base. */
function measure(name) {
  const total = Number(docker(['image', 'inspect', '--format', '{{.Size}}', nameOf(name)]))
  return { total, own: total - baseSize(name) }
}

/** The base is the image that the last stage starts from, or, where that is empty, the one layer that holds Node. */
function baseSize(name) {
  const file = readFileSync(join(root, images[name].folder, 'Dockerfile'), 'utf8')
  if (!/^FROM scratch$/m.test(file)) {
    const base = images[name].bases.at(-1)
    const declared = new RegExp(`^ARG ${base}=(\\S+)$`, 'm').exec(file)?.[1]
    return Number(docker(['image', 'inspect', '--format', '{{.Size}}', process.env[base] ?? declared]))
  }
  const layers = docker(['history', '--human=false', '--format', '{{.Size}}', nameOf(name)]).split('\n')
  return Number(layers.at(-1))
}

function compareSizes(isWriting) {
  const text = readFileSync(page, 'utf8')
  const off = []
  const rows = text.replaceAll(/^\| `([\w-]+)` +\| +(\d+) MB \| +(\d+) MB \|/gm, (row, name, total, own) => {
    const now = measure(name)
    for (const [what, noted, bytes] of [
      ['in all', total, now.total],
      ['over its base', own, now.own],
    ]) {
      // A few megabytes on something small are within the noise of packing.
      const distance = Math.abs(bytes - noted * 1e6)
      if (distance > Math.max(tolerance * bytes, 2e6))
        off.push(`${name} has ${megabytes(bytes)} MB ${what}, not ${noted}`)
    }
    return isWriting
      ? row.replace(`${total} MB`, `${megabytes(now.total)} MB`).replace(/\d+ MB \|$/, `${megabytes(now.own)} MB |`)
      : row
  })
  const named = [...text.matchAll(/^\| `([\w-]+)` +\| +\d+ MB/gm)].map(([, name]) => name)
  const missing = Object.keys(images).filter((name) => !named.includes(name))
  if (missing.length > 0) fail(`docs/images.md has no line for ${missing.join(', ')}`)
  if (isWriting) writeFileSync(page, rows)
  else if (off.length > 0)
    fail(`docs/images.md is not current: ${off.join('; ')}\nmend it with: node scripts/images.mjs sizes --write`)
  else say('docs/images.md is current')
}

function nameOf(name) {
  return `${prefix}${name}:${tag}`
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(0)
}

function git(...words) {
  return execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim()
}

function docker(words, stdio = ['ignore', 'pipe', 'inherit']) {
  return execFileSync('docker', words, { cwd: root, encoding: 'utf8', stdio })?.trim()
}
