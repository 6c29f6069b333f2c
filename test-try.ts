import { startServer } from './src/app/start-server.ts'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
const dir='/tmp/try1'
if (process.argv[2]!=='keep') rmSync(dir,{recursive:true,force:true})
let t=performance.now()
const env={SLUICE_DATA_DIR:dir,SLUICE_PORT:'0',SLUICE_LOG_LEVEL:'warn', ...(process.argv[3]?{DATABASE_URL:process.argv[3]}:{})}
const s=await startServer(env, {tenantId:'default',role:'admin',secret:'sk-sluice-x'})
console.log('started', Math.round(performance.now()-t), s.url)
const h={authorization:'Bearer sk-sluice-x'}
t=performance.now()
for (const f of readdirSync('samples')) { const fd=new FormData(); fd.append('metadata','{"a":1}'); fd.append('file', new Blob([readFileSync('samples/'+f)]), f); const r=await fetch(s.url+'/v1/documents',{method:'POST',body:fd,headers:h}); const j:any=await r.json(); console.log(r.status, f, j.document?.job?.state ?? j) }
for(;;){ const r:any=await (await fetch(s.url+'/v1/documents?limit=100',{headers:h})).json(); const open=r.items.filter((d:any)=>!['succeeded','failed','cancelled'].includes(d.job.state)); if(!open.length){ for(const d of r.items) console.log(d.fileName,d.job.state,d.live?.pageCount,d.live?.chunkCount, d.job.error?.message); break} await new Promise(r=>setTimeout(r,200)) }
console.log('all', Math.round(performance.now()-t))
const r=await fetch(s.url+'/v1/search',{method:'POST',headers:{...h,'content-type':'application/json'},body:JSON.stringify({query:'What happens when the diesel runs out?',k:3})}); const j:any=await r.json(); console.log(JSON.stringify(j,null,1).slice(0,2500))
const d:any=await (await fetch(s.url+'/v1/documents?limit=1',{headers:h})).json(); console.log(JSON.stringify(await (await fetch(s.url+'/v1/documents/'+d.items[0].documentId,{headers:h})).json()).slice(0,1500)); console.log(JSON.stringify((await (await fetch(s.url+'/v1/jobs/'+d.items[0].job.jobId,{headers:h})).json() as any).events.map((e:any)=>[e.at,e.stage,e.state,e.reason])))
console.log(JSON.stringify(await (await fetch(s.url+'/v1/doctor',{headers:h})).json()).slice(0,800))
t=performance.now(); await s.close(); console.log('closed', performance.now()-t, process.memoryUsage().rss/1e6)
