// Opens trace files in speedscope as its users have it, without a browser, and prints what it made of them.
//
//   node import.mjs FILE...
//
// A file is handed to speedscope's page through the hook that its own command line uses; then the page is told to save
// what it shows, as Ctrl+S does. One line of JSON is printed for each file: a list of its profiles, each with its name,
// its total time in microseconds, how much of it each frame took, how many spans there are, and how deep they nest.

import { JSDOM, VirtualConsole } from 'jsdom'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

const release = join(dirname(createRequire(import.meta.url).resolve('speedscope/package.json')), 'dist/release')
const bundle = readdirSync(release).find(name => /^speedscope-.*\.js$/.test(name))
const source = readFileSync(join(release, bundle), 'utf8')

/** Waits until something is so; the page works between two looks. */
async function until(isSo, what) {
  for (let looks = 0; looks < 20_000; looks++) {
    if (isSo()) return
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  throw new Error(`speedscope never ${what}`)
}

/** Speedscope's page. What it says goes to `complaints`, what it saves to `saved`. */
async function open() {
  const complaints = []
  const saved = []
  const virtualConsole = new VirtualConsole()
  virtualConsole.on('log', (...words) => words[0] === 'Failed to load format' && complaints.push(words.join(' ')))
  const { window } = new JSDOM('<!DOCTYPE html><body></body>', {
    url: 'http://localhost/#localProfilePath=none',
    runScripts: 'outside-only',
    pretendToBeVisual: true,
    virtualConsole,
  })
  window.TextDecoder = TextDecoder
  window.TextEncoder = TextEncoder
  window.matchMedia = () => ({ matches: false, addListener() {}, removeListener() {} })
  window.alert = text => complaints.push(text)
  window.URL.createObjectURL = blob => saved.push(blob)
  window.eval(source)
  await until(() => window.speedscope, 'started')
  return { window, complaints, saved }
}

/** What speedscope would save of a file that it was given. */
async function load(file) {
  const { window, complaints, saved } = await open()
  try {
    window.speedscope.loadFileFromBase64(basename(file), readFileSync(file).toString('base64'))
    await until(() => {
      if (complaints.length > 0) throw new Error(`${file}: ${complaints.join('; ')}`)
      window.dispatchEvent(new window.KeyboardEvent('keydown', { key: 's', ctrlKey: true }))
      return saved.length > 0
    }, `loaded ${file}`)
    const reader = new window.FileReader()
    reader.readAsText(saved[0])
    await until(() => reader.readyState === 2, 'read what it saved')
    return JSON.parse(reader.result)
  } finally {
    window.close()
  }
}

/** A saved profile in numbers. */
function sum({ name, unit, startValue, endValue, events }, frames) {
  if (unit !== 'microseconds') throw new Error(`${name} is in ${unit}`)
  const times = {}
  const stack = []
  let [spans, depth] = [0, 0]
  for (const { type, frame, at } of events) {
    if (type === 'O') {
      spans += 1
      stack.push(at)
      depth = Math.max(depth, stack.length)
    } else {
      const { name } = frames[frame]
      times[name] = (times[name] ?? 0) + at - stack.pop()
    }
  }
  return { name, total: endValue - startValue, times, spans, depth }
}

for (const file of process.argv.slice(2)) {
  const { profiles, shared } = await load(file)
  console.log(JSON.stringify(profiles.map(profile => sum(profile, shared.frames))))
}
