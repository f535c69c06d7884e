// A registry's pull from the protos alone: node pull.mjs --server https://HOST:PORT --identity registry.pem --protos protos --out DIR [--page-size N]
// Goes on where an earlier run was cut, inside a batch too; checks each page, root and signature; honours withdrawals; acknowledges.
// The folder is docs/release-format.md's: `clinicnet registry verify DIR` checks it whole.
import { createHash, createPublicKey, randomUUID, verify } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SILENT_MS, again, call as callOf, connect, cut } from './network.mjs';

const PROFILE = 'profiles/public-outcomes';

const { values: options } = parseArgs({
  options: { server: { type: 'string' }, identity: { type: 'string' }, protos: { type: 'string' }, out: { type: 'string' }, 'page-size': { type: 'string', default: '500' } },
});
for (const name of ['server', 'identity', 'protos', 'out']) {
  if (!options[name]) fail(`--${name} is missing`);
}

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leafOf = (row) => (row.leaf.length > 0 ? row.leaf : sha256(Buffer.of(0), row.salt, row.values.join('\t')));

/** RFC 6962: split at the largest power of two below n. */
function rootOf(leaves, from = 0, to = leaves.length) {
  if (to - from === 0) return sha256();
  if (to - from === 1) return leaves[from];
  let left = 1;
  while (left * 2 < to - from) left *= 2;
  return sha256(Buffer.of(1), rootOf(leaves, from, from + left), rootOf(leaves, from + left, to));
}

function fail(message) {
  console.error(`pull: ${message}`);
  process.exit(2);
}

let client;
const call = (method, request) => callOf(client, method, request);

/** Lines of the format: one spelling, no white space. */
const quoted = (value) => `"${value.replaceAll(/["\\]/g, (c) => `\\${c}`)}"`;
const lineOf = (at, row) => (row.leaf.length > 0
  ? `{"row":${at},"leaf":"${row.leaf.toString('hex')}"}\n`
  : `{"row":${at},"salt":"${row.salt.toString('hex')}","values":[${row.values.map(quoted).join(',')}]}\n`);

function readLine(line) {
  const row = JSON.parse(line);
  return row.leaf ? { leaf: Buffer.from(row.leaf, 'hex') } : { leaf: Buffer.alloc(0), salt: Buffer.from(row.salt, 'hex'), values: row.values };
}

/** Rows of a batch into a file, from the last whole line on; returns the leaves. */
async function pullRows(name, file, expected) {
  const kept = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const whole = kept.slice(0, kept.lastIndexOf('\n') + 1);
  const leaves = whole.split('\n').slice(0, -1).map((line) => leafOf(readLine(line)));
  fs.writeFileSync(file, whole);
  const out = fs.openSync(file, 'a');
  if (leaves.length > 0) console.log(`${name}: goes on at row ${leaves.length}`);
  let trailer;
  try {
    await again(() => new Promise((done, failed) => {
      const stream = client.StreamBatch({ name, start_row: leaves.length, page_size: Number(options['page-size']) });
      let silence = setTimeout(() => stream.cancel(), SILENT_MS);
      stream.on('data', ({ page, trailer: end }) => {
        clearTimeout(silence);
        silence = setTimeout(() => stream.cancel(), SILENT_MS);
        if (end) {
          trailer = end;
          return;
        }
        const got = page.rows.map(leafOf);
        if (page.first_row !== leaves.length || !sha256(...got).equals(page.checksum)) {
          stream.destroy(new Error(`${name}: a page does not give its checksum`));
          return;
        }
        fs.writeSync(out, page.rows.map((row, i) => lineOf(page.first_row + i, row)).join(''));
        leaves.push(...got);
      });
      stream.on('error', (error) => (clearTimeout(silence), failed(error)));
      stream.on('end', () => (clearTimeout(silence), trailer ? done() : failed(cut('the stream ended early'))));
    }), () => leaves.length);
    fs.fsyncSync(out);
  } finally {
    fs.closeSync(out);
  }
  if (leaves.length !== trailer.row_count || !rootOf(leaves).equals(trailer.root) || trailer.root.toString('hex') !== expected) {
    fs.rmSync(file);
    fail(`${name}: the rows do not give the signed root`);
  }
  return leaves;
}

/** Kept at the first pull; another one later is refused. */
async function trustKey() {
  const { public_key_pem: pem } = await call('GetReleaseKey', {});
  const file = path.join(options.out, 'network-key.pem');
  if (!fs.existsSync(file)) fs.writeFileSync(file, pem);
  else if (fs.readFileSync(file, 'utf8') !== pem) fail('the network signs with another key than at the first pull; ask its operator before you go on');
  return createPublicKey(pem);
}

async function main() {
  [client] = connect(options, ['clinicnetwork/exchange/v1/release_service.proto'], 'exchange.v1.ReleaseService');
  const folderOf = (number) => path.join(options.out, 'batches', String(number).padStart(4, '0'));
  const aside = path.join(options.out, '.partial');
  fs.mkdirSync(path.join(options.out, 'batches'), { recursive: true });
  const key = await trustKey();
  const batches = [];
  for (let token = ''; ;) {
    const page = await call('ListBatches', { parent: PROFILE, page_token: token });
    batches.push(...page.batches);
    if (!(token = page.next_page_token)) break;
  }

  const pullBatch = async (number, manifest, signature, name) => {
    const folder = path.join(aside, String(number));
    fs.mkdirSync(folder, { recursive: true });
    const kept = path.join(folder, 'manifest.json');
    if (fs.existsSync(kept) && !fs.readFileSync(kept).equals(manifest)) fs.rmSync(path.join(folder, 'rows.ndjson'), { force: true });
    fs.writeFileSync(kept, manifest);
    fs.writeFileSync(path.join(folder, 'manifest.sig'), signature);
    await pullRows(name, path.join(folder, 'rows.ndjson'), JSON.parse(manifest).root);
    fs.rmSync(folderOf(number), { recursive: true, force: true });
    fs.renameSync(folder, folderOf(number));
  };

  const withdrawn = new Set();
  for (const { name } of batches) {
    const number = Number(name.split('/').at(-1));
    if (fs.existsSync(folderOf(number))) continue;
    const { manifest, signature } = await call('GetManifest', { name });
    if (!verify('sha256', manifest, { key, dsaEncoding: 'ieee-p1363' }, signature)) fail(`${name}: the manifest is not signed by the kept key`);
    await pullBatch(number, manifest, signature.toString('base64'), name);
    for (const { batch } of JSON.parse(manifest).tombstones) withdrawn.add(batch);
    console.log(`${name}: ${JSON.parse(manifest).rows} rows, verified`);
  }

  // What a new manifest takes back goes from the batches before it: they are read again, where those rows are leaves alone now.
  for (const number of withdrawn) {
    const folder = folderOf(number);
    await pullBatch(number, fs.readFileSync(path.join(folder, 'manifest.json')), fs.readFileSync(path.join(folder, 'manifest.sig'), 'ascii'), `${PROFILE}/batches/${number}`);
  }

  if (batches.length > 0) await call('AcknowledgeBatch', { request_id: randomUUID(), name: batches.at(-1).name });
  console.log(`${batches.length} batches in ${options.out}, acknowledged`);
}

main().then(() => client.close(), (error) => fail(error.details || error.message));
