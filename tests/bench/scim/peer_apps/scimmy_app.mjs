// A peer: scimmy with its routers on Express 4, in memory: it brings no storage, so what it answers is not durable.
//
//     node scimmy_app.mjs PORT FURNITURE        (beside its node_modules)
//
// FURNITURE has a resource per line: {"kind": "User" | "Group", "document": {…}}. No token is asked for.
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const [port, furniture] = process.argv.slice(2);
const stored = { User: new Map(), Group: new Map() };

function declared(kind) {
    const resources = stored[kind];
    return {
        egress: (resource) => {
            if (resource.id) {
                const found = resources.get(resource.id);
                if (!found) throw new SCIMMY.Types.Error(404, null, `${resource.id} not found`);
                return found;
            }
            const all = [...resources.values()];
            return resource.filter ? resource.filter.match(all) : all;
        },
        ingress: (resource, data) => {
            const id = resource.id ?? randomUUID();
            const document = JSON.parse(JSON.stringify(data));
            const now = new Date().toISOString();
            const created = resources.get(id)?.meta.created ?? now;
            document.id = id;
            document.meta = { created, lastModified: now };
            resources.set(id, document);
            return document;
        },
        degress: (resource) => resources.delete(resource.id),
    };
}

for (const kind of ["User", "Group"]) SCIMMY.Resources.declare(SCIMMY.Resources[kind], declared(kind));
for await (const line of createInterface({ input: createReadStream(furniture) })) {
    const { kind, document } = JSON.parse(line);
    stored[kind].set(document.id, document);
}
const app = express();
app.use("/v2", new SCIMMYRouters({ type: "bearer", docUri: "http://localhost", handler: () => "bench" }));
app.listen(Number(port), "127.0.0.1");
