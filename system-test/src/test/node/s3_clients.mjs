// The S3 clients of JavaScript against a Forebay server with authentication: `node s3_clients.mjs URL NAME`, where NAME is
// aws-sdk-js or minio-js, in a folder with both installed. The keys are those of the environment.

import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'

const [url, name] = process.argv.slice(2)
const accessKeyId = process.env.FOREBAY_ROOT_ACCESS_KEY
const secretAccessKey = process.env.FOREBAY_ROOT_SECRET_KEY
const region = 'us-east-1'
const MIB = 1024 * 1024
const require = createRequire(join(process.cwd(), 'package.json'))
const bucket = `js-${randomBytes(6).toString('hex')}`

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}

async function bytesOf(stream) {
  const pieces = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces)
}

function awsSdk() {
  const aws = require('@aws-sdk/client-s3')
  const { Upload } = require('@aws-sdk/lib-storage')
  const { getSignedUrl } = require('@aws-sdk/s3-request-presigner')
  const settings = { endpoint: url, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 }
  const s3 = new aws.S3({ ...settings, forcePathStyle: true })
  return {
    async buckets() {
      await s3.createBucket({ Bucket: bucket })
      await s3.headBucket({ Bucket: bucket })
      assert((await s3.listBuckets({})).Buckets.some((each) => each.Name === bucket))
      await assert.rejects(s3.headBucket({ Bucket: `${bucket}-absent` }), { name: 'NotFound' })
    },
    async 'objects and their checksums'() {
      for (const size of [0, 1, 100_000, 6 * MIB]) {
        for (const ChecksumAlgorithm of [undefined, 'CRC32', 'CRC32C', 'SHA256']) {
          const Body = randomBytes(size)
          const Key = `sized/${size} ${ChecksumAlgorithm} ü+%`
          await s3.putObject({ Bucket: bucket, Key, Body, ChecksumAlgorithm, Metadata: { label: 'seven' } })
          const answer = await s3.getObject({ Bucket: bucket, Key, ChecksumMode: 'ENABLED' })
          assert.equal(sha256(await answer.Body.transformToByteArray()), sha256(Body))
          assert.deepEqual(answer.Metadata, { label: 'seven' })
        }
      }
    },
    async 'streams without a length in front'() {
      const Body = randomBytes(13 * MIB + 5)
      const pieces = Readable.from([Body.subarray(0, MIB), Body.subarray(MIB)])
      await new Upload({ client: s3, params: { Bucket: bucket, Key: 'streamed', Body: pieces } }).done()
      const whole = await s3.getObject({ Bucket: bucket, Key: 'streamed' })
      assert.equal(sha256(await whole.Body.transformToByteArray()), sha256(Body))
      assert.match(whole.ETag, /-3"$/)
      const part = await s3.getObject({ Bucket: bucket, Key: 'streamed', Range: 'bytes=5242870-5242889' })
      assert.deepEqual(Buffer.from(await part.Body.transformToByteArray()), Body.subarray(5242870, 5242890))
      const piped = Readable.from([Body])
      await s3.putObject({ Bucket: bucket, Key: 'piped', Body: piped, ContentLength: Body.length })
      const copy = await s3.copyObject({ Bucket: bucket, Key: 'copied', CopySource: `${bucket}/piped` })
      assert.equal(copy.CopyObjectResult.ETag, `"${createHash('md5').update(Body).digest('hex')}"`)
    },
    async listings() {
      for (let index = 0; index < 25; index++) {
        await s3.putObject({ Bucket: bucket, Key: `list/${String(index).padStart(2, '0')}`, Body: 'x' })
      }
      const found = []
      for await (const page of aws.paginateListObjectsV2({ client: s3, pageSize: 7 }, { Bucket: bucket, Prefix: 'list/' })) {
        found.push(...page.Contents.map((each) => each.Key))
      }
      assert.equal(found.length, 25)
      assert.deepEqual(found, [...found].sort())
      const folded = await s3.listObjectsV2({ Bucket: bucket, Delimiter: '/' })
      assert.deepEqual(folded.CommonPrefixes.map((each) => each.Prefix), ['list/', 'sized/'])
    },
    async 'presigned URLs'() {
      const Body = randomBytes(5000)
      const put = await getSignedUrl(s3, new aws.PutObjectCommand({ Bucket: bucket, Key: 'signed +' }), { expiresIn: 60 })
      assert.equal((await fetch(put, { method: 'PUT', body: Body })).status, 200)
      const get = await getSignedUrl(s3, new aws.GetObjectCommand({ Bucket: bucket, Key: 'signed +' }), { expiresIn: 60 })
      assert.deepEqual(Buffer.from(await (await fetch(get)).arrayBuffer()), Body)
      assert.equal((await fetch(get.replace('X-Amz-Signature=', 'X-Amz-Signature=0'))).status, 403)
    },
    async refusals() {
      const absent = s3.getObject({ Bucket: bucket, Key: 'absent' })
      await assert.rejects(absent, { name: 'NoSuchKey' })
      await s3.putObject({ Bucket: bucket, Key: 'once', Body: '1' })
      const again = s3.putObject({ Bucket: bucket, Key: 'once', Body: '2', IfNoneMatch: '*' })
      await assert.rejects(again, { name: 'PreconditionFailed' })
      await assert.rejects(s3.deleteBucket({ Bucket: bucket }), { name: 'BucketNotEmpty' })
    },
    async removal() {
      for await (const page of aws.paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
        const Objects = page.Contents.map(({ Key }) => ({ Key }))
        const answer = await s3.deleteObjects({ Bucket: bucket, Delete: { Objects } })
        assert.equal(answer.Deleted.length, Objects.length)
      }
      await s3.deleteBucket({ Bucket: bucket })
    },
  }
}

function minio() {
  const { Client, CopyConditions, PostPolicy } = require('minio')
  const { protocol, hostname, port } = new URL(url)
  const client = new Client({
    endPoint: hostname, port: Number(port), useSSL: protocol === 'https:', accessKey: accessKeyId, secretKey: secretAccessKey,
    region, pathStyle: true,
  })
  return {
    async buckets() {
      await client.makeBucket(bucket, region)
      assert(await client.bucketExists(bucket))
      assert(!(await client.bucketExists(`${bucket}-absent`)))
      assert((await client.listBuckets()).some((each) => each.name === bucket))
    },
    async objects() {
      for (const size of [0, 1, 100_000, 6 * MIB]) {
        const body = randomBytes(size)
        await client.putObject(bucket, `sized/${size} ü+%`, body, size, { 'X-Amz-Meta-Label': 'seven' })
        assert.equal(sha256(await bytesOf(await client.getObject(bucket, `sized/${size} ü+%`))), sha256(body))
        const stat = await client.statObject(bucket, `sized/${size} ü+%`)
        assert.equal(stat.size, size)
        assert.equal(stat.metaData.label, 'seven')
      }
      const part = await bytesOf(await client.getPartialObject(bucket, 'sized/100000 ü+%', 10, 20))
      assert.equal(part.length, 20)
    },
    async 'streams and files in parts'() {
      const folder = await mkdtemp(join(tmpdir(), 'forebay-js-'))
      try {
        const body = randomBytes(71 * MIB + 3)
        await writeFile(join(folder, 'source'), body)
        await client.fPutObject(bucket, 'file', join(folder, 'source'))
        await client.fGetObject(bucket, 'file', join(folder, 'target'))
        assert.equal(sha256(await readFile(join(folder, 'target'))), sha256(body))
        await client.putObject(bucket, 'streamed', Readable.from([body.subarray(0, 9 * MIB), body.subarray(9 * MIB)]))
        assert.equal(sha256(await bytesOf(await client.getObject(bucket, 'streamed'))), sha256(body))
        await client.copyObject(bucket, 'copied', `/${bucket}/file`, new CopyConditions())
        assert.equal((await client.statObject(bucket, 'copied')).size, body.length)
      } finally {
        await rm(folder, { recursive: true })
      }
    },
    async listings() {
      for (let index = 0; index < 12; index++) await client.putObject(bucket, `list/${index}`, 'x')
      const found = await client.listObjectsV2(bucket, 'list/', true).toArray()
      assert.equal(found.length, 12)
      const folded = await client.listObjects(bucket, '', false).toArray()
      assert.deepEqual(folded.filter((each) => each.prefix).map((each) => each.prefix), ['list/', 'sized/'])
    },
    async 'presigned URLs and forms'() {
      const put = await client.presignedPutObject(bucket, 'signed', 60)
      assert.equal((await fetch(put, { method: 'PUT', body: 'signed' })).status, 200)
      assert.equal(await (await fetch(await client.presignedGetObject(bucket, 'signed', 60))).text(), 'signed')
      const policy = client.newPostPolicy()
      policy.setBucket(bucket)
      policy.setKey('posted')
      policy.setExpires(new Date(Date.now() + 60_000))
      policy.setContentLengthRange(1, 100)
      const { postURL, formData } = await client.presignedPostPolicy(policy)
      assert(policy instanceof PostPolicy)
      const form = new FormData()
      Object.entries(formData).forEach(([field, value]) => form.append(field, value))
      form.append('file', new Blob(['posted']))
      assert.equal((await fetch(postURL, { method: 'POST', body: form })).status, 204)
      assert.equal((await bytesOf(await client.getObject(bucket, 'posted'))).toString(), 'posted')
    },
    async refusals() {
      await assert.rejects(client.statObject(bucket, 'absent'), { code: 'NotFound' })
      await assert.rejects(client.getObject(bucket, 'absent'), { code: 'NoSuchKey' })
      await assert.rejects(client.removeBucket(bucket), { code: 'BucketNotEmpty' })
    },
    async 'tags and removal'() {
      await client.setObjectTagging(bucket, 'file', { colour: 'red' })
      assert.deepEqual(await client.getObjectTagging(bucket, 'file'), [{ Key: 'colour', Value: 'red' }])
      const names = (await client.listObjectsV2(bucket, '', true).toArray()).map((each) => each.name)
      await client.removeObjects(bucket, names)
      await client.removeBucket(bucket)
    },
  }
}

const checks = { 'aws-sdk-js': awsSdk, 'minio-js': minio }[name]()
let passed = 0
let failed = 0
for (const [title, check] of Object.entries(checks)) {
  try {
    await check()
    passed += 1
  } catch (error) {
    failed += 1
    console.log(`FAILED ${name}: ${title}\n${error.stack}`)
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
