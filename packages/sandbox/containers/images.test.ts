import { execa } from 'execa'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { repositoryRoot } from '../src/platform/repository.ts'
import { appImages, imageNamed, inspectImage, listImageFiles, readHistory, stepImages, stepUser } from './engine.ts'
import { resultOf, runStep, type StepEnd } from './step-container.ts'

const dbtPython = '/opt/dbt/bin/python'

/** Runs a line of the language that the image is made for, confined as a step is. */
async function runScript(image: string, script: { node: string; python: string }): Promise<StepEnd> {
  return image === 'dbt'
    ? runStep({ image, entrypoint: dbtPython, arguments: ['-c', script.python], memory: '200m' })
    : runStep({ image, entrypoint: '/usr/local/bin/node', arguments: ['--eval', script.node], memory: '200m' })
}

describe.each(stepImages)('the image of %s', (image) => {
  test('says what it is, of which commit and of when', async () => {
    const { Labels: labels } = await inspectImage(imageNamed(image))
    const { stdout: head } = await execa('git', ['rev-parse', 'HEAD'], { cwd: repositoryRoot })
    expect(labels).toMatchObject({ 'org.opencontainers.image.title': image })
    expect(labels['org.opencontainers.image.revision']).toMatch(new RegExp(`^${head}(-dirty)?$`))
    expect(labels['org.opencontainers.image.created']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/)
    expect(labels['org.opencontainers.image.licenses']).toMatch(/./)
    expect(labels['org.opencontainers.image.description']).toMatch(/\.$/)
  })

  // Not /tmp: where the root is read-only, podman mounts one of its own.
  test('runs as nobody in particular, may write its scratch folder and nothing else, and has its memory limited', async () => {
    expect((await inspectImage(imageNamed(image))).User).toBe(stepUser)
    const end = await runScript(image, {
      node: `
        const { accessSync, readFileSync, writeFileSync } = require('node:fs')
        const tried = ['/app/x', '/etc/x', '/usr/x', '/x', '/scratch/x'].map((path) => {
          try { writeFileSync(path, ''); return [path, 'written'] } catch (error) { return [path, error.code] }
        })
        const status = readFileSync('/proc/self/status', 'utf8')
        console.log(JSON.stringify({
          written: tried.filter(([, outcome]) => outcome === 'written').map(([path]) => path),
          user: process.getuid(), group: process.getgid(), home: require('node:os').userInfo().homedir,
          temporary: require('node:os').tmpdir(), memory: process.constrainedMemory(),
          capabilities: /CapEff:\\s*(\\w+)/.exec(status)[1], newPrivileges: /NoNewPrivs:\\s*(\\d)/.exec(status)[1],
        }))`,
      python: `
import json, os, pathlib, pwd, re, tempfile
written = []
for path in ['/app/x', '/etc/x', '/usr/x', '/x', '/scratch/x']:
    try:
        open(path, 'w').close()
        written.append(path)
    except OSError:
        pass
status = open('/proc/self/status').read()
limits = [pathlib.Path('/sys/fs/cgroup/memory.max'), pathlib.Path('/sys/fs/cgroup/memory/memory.limit_in_bytes')]
print(json.dumps({
    'written': written, 'user': os.getuid(), 'group': os.getgid(), 'home': pwd.getpwuid(os.getuid()).pw_dir,
    'temporary': tempfile.gettempdir(), 'memory': int(next(each for each in limits if each.exists()).read_text()),
    'capabilities': re.search(r'CapEff:\\s*(\\w+)', status)[1], 'newPrivileges': re.search(r'NoNewPrivs:\\s*(\\d)', status)[1],
}))`,
    })
    expect(resultOf(end)).toEqual({
      written: ['/scratch/x'],
      user: 10001,
      group: 10001,
      home: '/scratch',
      temporary: '/scratch',
      memory: 200 * 1024 * 1024,
      capabilities: '0000000000000000',
      newPrivileges: '1',
    })
  })

  test('is told nothing at its build', async () => {
    const history = await readHistory(imageNamed(image))
    expect(history).not.toMatch(/\bARG /)
    expect(history).not.toMatch(/BEGIN|PRIVATE KEY|AKIA|ASIA|_authToken|PASSWORD|SECRET|TOKEN/)
  })

  test('holds no settings, keys or credentials of who built it', async () => {
    const files = await listImageFiles(imageNamed(image))
    expect(files.length).toBeGreaterThan(10)
    const own = files.filter((file) => /^(?:app|opt|scratch|root|home|run)\//.test(file))
    expect(own.filter((file) => /\.env|\.npmrc|\.pypirc|\.netrc|\.git\b|\.p8$|id_rsa|credentials$/.test(file))).toEqual(
      [],
    )
    expect(
      own.filter((file) => /^app\/(?!node_modules\/).*(?:\.md|\.map|\.test\.\w+|\/tests?\/.*\.ts)$/.test(file)),
    ).toEqual([])
  })

  test('starts, and says how it is used', async () => {
    const { exitCode, stdout, stderr } = await runStep({ image, arguments: ['--help'] })
    expect(exitCode).toBe(0)
    expect(stdout + stderr).toMatch(/usage/i)
  })

  test('ends with exit code 2 and the names of its settings when it has none', async () => {
    const { exitCode, stdout, stderr } = await runStep({
      image,
      arguments: image === 'dbt' ? [] : ['run', '--date', '2025-11-20'],
    })
    expect(exitCode).toBe(2)
    expect(stdout + stderr).toMatch(image.startsWith('extract') ? /CX_RAW_BUCKET/ : /CX_SNOWFLAKE_ACCOUNT/)
  })
})

describe.each(appImages)('the image of %s', (image) => {
  test('holds Node, its libraries and one program: no shell, no package manager, nothing that was not asked for', async () => {
    const files = await listImageFiles(imageNamed(image))
    const programs = files.filter((file) => /(?:^|\/)s?bin\/./.test(file))
    expect(programs).toEqual(['usr/local/bin/node'])
    const native = files.filter((file) => /\.node$/.test(file))
    const expected =
      image === 'extract-s3' || image === 'extract-postgres' ? [expect.stringMatching(/\/duckdb\.node$/)] : []
    expect(native).toEqual(expected)
    const app = files.filter((file) => /^app\/[^/]+$/.test(file)).sort()
    expect(app).toEqual(['app/main.js', 'app/package.json'])
  })

  test('has no environment but its own', async () => {
    const { Env: environment } = await inspectImage(imageNamed(image))
    const own = (environment ?? []).filter((line) => !line.startsWith('PATH='))
    expect(own.sort()).toEqual(['HOME=/scratch', 'NODE_ENV=production', 'TMPDIR=/scratch'])
  })
})

test('the image of dbt holds dbt, and neither an installer of its own nor a tool of the tests', async () => {
  const files = await listImageFiles(imageNamed('dbt'))
  const installed = files.flatMap(
    (file) => /^opt\/dbt\/lib\/python[\d.]+\/site-packages\/([^/]+)\/$/.exec(file)?.[1] ?? [],
  )
  expect(installed).toContain('dbt')
  for (const name of ['pip', 'setuptools', 'sqlfluff', 'pytest', '_pytest', 'ruff'])
    expect(installed).not.toContain(name)
})

test('the apps share all stages but their own, word for word, so that an engine makes them once', async () => {
  const shared = await Promise.all(
    appImages.map(async (app) => {
      const text = await readFile(join(repositoryRoot, 'apps', app, 'Dockerfile'), 'utf8')
      const from = text.indexOf('ARG NODE_IMAGE')
      const to = text.indexOf('FROM packages AS build')
      expect(from).toBeGreaterThan(0)
      expect(to).toBeGreaterThan(from)
      return text.slice(from, to)
    }),
  )
  expect(new Set(shared).size).toBe(1)
})
