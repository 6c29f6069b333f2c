/** Made by `npm run api-types` from the OpenAPI document of the server. */
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process lives */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The database answers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/llamaparse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive a webhook of LlamaParse
         * @description A hint that a job has ended: its result is fetched from LlamaParse, whatever the event says. An event that came before is answered like a new one, and that of an unknown job like that of a known one. At most 16 KB.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description `sha256=` and the HMAC-SHA256 of the body as it is sent, in lower-case hex, with the shared secret as the key */
                    "lc-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description each is taken once */
                        event_id: string;
                        /** @example parse.success */
                        event_type: string;
                        data: {
                            job_id?: string;
                            id?: string;
                        };
                    };
                };
            };
            responses: {
                /** @description stored */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures in the text format of Prometheus
         * @description With SLUICE_METRICS_KEY or an admin key as the bearer, unless SLUICE_METRICS is `open` (docs/monitoring.md).
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openai/v1/embeddings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Embeddings, as OpenAI answers them
         * @description For programs that speak to OpenAI: budgets, limits and the vectors that are there already hold for them too. The header `x-sluice-tags` names tags for budgets; `x-sluice-cache` of the answer says `hit`, `miss` or `partial`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @example text-embedding-3-small */
                        model: string;
                        /**
                         * @description a text, texts, tokens, or lists of tokens
                         * @example [
                         *       "first text",
                         *       "second text"
                         *     ]
                         */
                        input: unknown;
                        /** @description the size that the model has here, or nothing */
                        dimensions?: number;
                        /**
                         * @default float
                         * @enum {string}
                         */
                        encoding_format?: "float" | "base64";
                        /** @description taken, and not used */
                        user?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: {
                                /** @enum {string} */
                                object: "embedding";
                                index: number;
                                embedding: number[] | string;
                            }[];
                            model: string;
                            usage: {
                                prompt_tokens: number;
                                total_tokens: number;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openai/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The embedding models, as OpenAI lists them */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            object: "list";
                            data: {
                                id: string;
                                /** @enum {string} */
                                object: "model";
                                created: number;
                                owned_by: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openai/v1/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of the embedding models */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @enum {string} */
                            object: "model";
                            created: number;
                            owned_by: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List documents, newest first */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    cursor?: string;
                    /** @description of the newest job */
                    state?: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                    fileType?: "pdf" | "docx" | "pptx" | "xlsx" | "html" | "markdown" | "text" | "csv";
                    /** @description a part of the file name, in whatever case */
                    name?: string;
                    tag?: string;
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                documentId: string;
                                fileName: string;
                                /** @enum {string} */
                                fileType: "pdf" | "docx" | "pptx" | "xlsx" | "html" | "markdown" | "text" | "csv";
                                byteCount: number;
                                /** @description hex, of the uploaded bytes */
                                sha256: string;
                                tags: string[];
                                metadata: {
                                    [key: string]: components["schemas"]["Json"];
                                };
                                /** Format: date-time */
                                createdAt: string;
                                live: {
                                    /** Format: uuid */
                                    versionId: string;
                                    pageCount: number;
                                    chunkCount: number;
                                    /** Format: date-time */
                                    publishedAt: string;
                                    /** @description when somebody made it live again; null: it went live by itself. Nothing replaces it by itself then */
                                    rolledBackAt: string | null;
                                    notes: string[];
                                    provenance: {
                                        parse: {
                                            provider: string;
                                            model: string;
                                            /** @enum {string} */
                                            mode: "local" | "mock" | "real" | "hybrid";
                                            simulated: boolean;
                                            /** @description why the router chose this provider */
                                            reasons: string[];
                                            /** @description true: somebody better was wanted and could not be had; it is done again once they can */
                                            provisional?: boolean;
                                        };
                                        embed: {
                                            provider: string;
                                            model: string;
                                            dimensions: number;
                                            /** @description version of text preprocessing and model snapshot */
                                            revision: string;
                                            simulated: boolean;
                                        };
                                    };
                                } | null;
                                /** @description the newest job */
                                job: {
                                    /** Format: uuid */
                                    jobId: string;
                                    /** Format: uuid */
                                    documentId: string;
                                    /** Format: uuid */
                                    versionId: string;
                                    fileName: string;
                                    /** @enum {string} */
                                    stage: "parse" | "chunk" | "embed" | "publish";
                                    /** @enum {string} */
                                    state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                                    failures: number;
                                    error: {
                                        code: string;
                                        message: string;
                                        /** @description what to do next */
                                        action: string;
                                        cause: string | null;
                                    } | null;
                                    /** @description why a deferred job waits */
                                    deferral: {
                                        /** @enum {string} */
                                        reason: "budget" | "in_doubt" | "in_progress" | "provider_stopped" | "provider_unhealthy";
                                        message: string;
                                        /** @description at the latest; null: as soon as something changes */
                                        resumesAt: string | null;
                                        budget: {
                                            tenantId: string;
                                            budgetId: string;
                                        } | null;
                                        neededNanoUsd: string | null;
                                        missingNanoUsd: string | null;
                                    } | null;
                                    /** @description which call of a provider a waiting job waits for */
                                    awaited: {
                                        /** Format: uuid */
                                        callId: string;
                                        message: string;
                                    } | null;
                                    priority: number;
                                    dueAt: string | null;
                                    tags: string[];
                                    wakeAt: string | null;
                                    deadlineAt: string | null;
                                    correlationId: string;
                                    /** Format: date-time */
                                    createdAt: string;
                                    /** Format: date-time */
                                    updatedAt: string;
                                    finishedAt: string | null;
                                };
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Upload a document
         * @description multipart/form-data with one part `file`, and optional parts `metadata` (a JSON object) and `chunking` (JSON: `maxTokens`, `overlapTokens`), `parsing` (JSON: `tier`, `pages`, `languages`, `options`), `tags`, `priority`, `deadline` and `quoteId`. The type is found from the bytes. The same bytes again give 200 and the document that is there; an `Idempotency-Key` header gives the first answer again.
         */
        post: {
            parameters: {
                query?: {
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": {
                        /**
                         * Format: binary
                         * @description the document
                         */
                        file: string;
                        /**
                         * @description a JSON object, for filters of searches
                         * @example {"project":"alpha"}
                         */
                        metadata?: string;
                        /**
                         * @description JSON
                         * @example {"maxTokens":512,"overlapTokens":0}
                         */
                        chunking?: string;
                        /**
                         * @description JSON: `tier`, `pages`, `languages`, `options` of LlamaParse
                         * @example {"tier":"agentic","pages":"1-5"}
                         */
                        parsing?: string;
                        /**
                         * @description JSON: `parse`, `embed`, `policy`, `publish`
                         * @example {"parse":"hybrid"}
                         */
                        routing?: string;
                        /**
                         * @description separated by commas; budgets can cover a tag
                         * @example project-x,archive
                         */
                        tags?: string;
                        /**
                         * @description whole number; higher goes first when money is short
                         * @example 10
                         */
                        priority?: string;
                        /** @description until when it should be done; earlier goes first when money is short */
                        deadline?: string;
                        /** @description the quote whose held money pays for this document */
                        quoteId?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            created: boolean;
                            document: {
                                /** Format: uuid */
                                documentId: string;
                                fileName: string;
                                /** @enum {string} */
                                fileType: "pdf" | "docx" | "pptx" | "xlsx" | "html" | "markdown" | "text" | "csv";
                                byteCount: number;
                                /** @description hex, of the uploaded bytes */
                                sha256: string;
                                tags: string[];
                                metadata: {
                                    [key: string]: components["schemas"]["Json"];
                                };
                                /** Format: date-time */
                                createdAt: string;
                                live: {
                                    /** Format: uuid */
                                    versionId: string;
                                    pageCount: number;
                                    chunkCount: number;
                                    /** Format: date-time */
                                    publishedAt: string;
                                    /** @description when somebody made it live again; null: it went live by itself. Nothing replaces it by itself then */
                                    rolledBackAt: string | null;
                                    notes: string[];
                                    provenance: {
                                        parse: {
                                            provider: string;
                                            model: string;
                                            /** @enum {string} */
                                            mode: "local" | "mock" | "real" | "hybrid";
                                            simulated: boolean;
                                            /** @description why the router chose this provider */
                                            reasons: string[];
                                            /** @description true: somebody better was wanted and could not be had; it is done again once they can */
                                            provisional?: boolean;
                                        };
                                        embed: {
                                            provider: string;
                                            model: string;
                                            dimensions: number;
                                            /** @description version of text preprocessing and model snapshot */
                                            revision: string;
                                            simulated: boolean;
                                        };
                                    };
                                } | null;
                                /** @description the newest job */
                                job: {
                                    /** Format: uuid */
                                    jobId: string;
                                    /** Format: uuid */
                                    documentId: string;
                                    /** Format: uuid */
                                    versionId: string;
                                    fileName: string;
                                    /** @enum {string} */
                                    stage: "parse" | "chunk" | "embed" | "publish";
                                    /** @enum {string} */
                                    state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                                    failures: number;
                                    error: {
                                        code: string;
                                        message: string;
                                        /** @description what to do next */
                                        action: string;
                                        cause: string | null;
                                    } | null;
                                    /** @description why a deferred job waits */
                                    deferral: {
                                        /** @enum {string} */
                                        reason: "budget" | "in_doubt" | "in_progress" | "provider_stopped" | "provider_unhealthy";
                                        message: string;
                                        /** @description at the latest; null: as soon as something changes */
                                        resumesAt: string | null;
                                        budget: {
                                            tenantId: string;
                                            budgetId: string;
                                        } | null;
                                        neededNanoUsd: string | null;
                                        missingNanoUsd: string | null;
                                    } | null;
                                    /** @description which call of a provider a waiting job waits for */
                                    awaited: {
                                        /** Format: uuid */
                                        callId: string;
                                        message: string;
                                    } | null;
                                    priority: number;
                                    dueAt: string | null;
                                    tags: string[];
                                    wakeAt: string | null;
                                    deadlineAt: string | null;
                                    correlationId: string;
                                    /** Format: date-time */
                                    createdAt: string;
                                    /** Format: date-time */
                                    updatedAt: string;
                                    finishedAt: string | null;
                                };
                            };
                        };
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            created: boolean;
                            document: {
                                /** Format: uuid */
                                documentId: string;
                                fileName: string;
                                /** @enum {string} */
                                fileType: "pdf" | "docx" | "pptx" | "xlsx" | "html" | "markdown" | "text" | "csv";
                                byteCount: number;
                                /** @description hex, of the uploaded bytes */
                                sha256: string;
                                tags: string[];
                                metadata: {
                                    [key: string]: components["schemas"]["Json"];
                                };
                                /** Format: date-time */
                                createdAt: string;
                                live: {
                                    /** Format: uuid */
                                    versionId: string;
                                    pageCount: number;
                                    chunkCount: number;
                                    /** Format: date-time */
                                    publishedAt: string;
                                    /** @description when somebody made it live again; null: it went live by itself. Nothing replaces it by itself then */
                                    rolledBackAt: string | null;
                                    notes: string[];
                                    provenance: {
                                        parse: {
                                            provider: string;
                                            model: string;
                                            /** @enum {string} */
                                            mode: "local" | "mock" | "real" | "hybrid";
                                            simulated: boolean;
                                            /** @description why the router chose this provider */
                                            reasons: string[];
                                            /** @description true: somebody better was wanted and could not be had; it is done again once they can */
                                            provisional?: boolean;
                                        };
                                        embed: {
                                            provider: string;
                                            model: string;
                                            dimensions: number;
                                            /** @description version of text preprocessing and model snapshot */
                                            revision: string;
                                            simulated: boolean;
                                        };
                                    };
                                } | null;
                                /** @description the newest job */
                                job: {
                                    /** Format: uuid */
                                    jobId: string;
                                    /** Format: uuid */
                                    documentId: string;
                                    /** Format: uuid */
                                    versionId: string;
                                    fileName: string;
                                    /** @enum {string} */
                                    stage: "parse" | "chunk" | "embed" | "publish";
                                    /** @enum {string} */
                                    state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                                    failures: number;
                                    error: {
                                        code: string;
                                        message: string;
                                        /** @description what to do next */
                                        action: string;
                                        cause: string | null;
                                    } | null;
                                    /** @description why a deferred job waits */
                                    deferral: {
                                        /** @enum {string} */
                                        reason: "budget" | "in_doubt" | "in_progress" | "provider_stopped" | "provider_unhealthy";
                                        message: string;
                                        /** @description at the latest; null: as soon as something changes */
                                        resumesAt: string | null;
                                        budget: {
                                            tenantId: string;
                                            budgetId: string;
                                        } | null;
                                        neededNanoUsd: string | null;
                                        missingNanoUsd: string | null;
                                    } | null;
                                    /** @description which call of a provider a waiting job waits for */
                                    awaited: {
                                        /** Format: uuid */
                                        callId: string;
                                        message: string;
                                    } | null;
                                    priority: number;
                                    dueAt: string | null;
                                    tags: string[];
                                    wakeAt: string | null;
                                    deadlineAt: string | null;
                                    correlationId: string;
                                    /** Format: date-time */
                                    createdAt: string;
                                    /** Format: date-time */
                                    updatedAt: string;
                                    finishedAt: string | null;
                                };
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/{documentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A document with its versions and costs */
        get: {
            parameters: {
                query?: {
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path: {
                    documentId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            documentId: string;
                            fileName: string;
                            /** @enum {string} */
                            fileType: "pdf" | "docx" | "pptx" | "xlsx" | "html" | "markdown" | "text" | "csv";
                            byteCount: number;
                            /** @description hex, of the uploaded bytes */
                            sha256: string;
                            tags: string[];
                            metadata: {
                                [key: string]: components["schemas"]["Json"];
                            };
                            /** Format: date-time */
                            createdAt: string;
                            live: {
                                /** Format: uuid */
                                versionId: string;
                                pageCount: number;
                                chunkCount: number;
                                /** Format: date-time */
                                publishedAt: string;
                                /** @description when somebody made it live again; null: it went live by itself. Nothing replaces it by itself then */
                                rolledBackAt: string | null;
                                notes: string[];
                                provenance: {
                                    parse: {
                                        provider: string;
                                        model: string;
                                        /** @enum {string} */
                                        mode: "local" | "mock" | "real" | "hybrid";
                                        simulated: boolean;
                                        /** @description why the router chose this provider */
                                        reasons: string[];
                                        /** @description true: somebody better was wanted and could not be had; it is done again once they can */
                                        provisional?: boolean;
                                    };
                                    embed: {
                                        provider: string;
                                        model: string;
                                        dimensions: number;
                                        /** @description version of text preprocessing and model snapshot */
                                        revision: string;
                                        simulated: boolean;
                                    };
                                };
                            } | null;
                            /** @description the newest job */
                            job: {
                                /** Format: uuid */
                                jobId: string;
                                /** Format: uuid */
                                documentId: string;
                                /** Format: uuid */
                                versionId: string;
                                fileName: string;
                                /** @enum {string} */
                                stage: "parse" | "chunk" | "embed" | "publish";
                                /** @enum {string} */
                                state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                                failures: number;
                                error: {
                                    code: string;
                                    message: string;
                                    /** @description what to do next */
                                    action: string;
                                    cause: string | null;
                                } | null;
                                /** @description why a deferred job waits */
                                deferral: {
                                    /** @enum {string} */
                                    reason: "budget" | "in_doubt" | "in_progress" | "provider_stopped" | "provider_unhealthy";
                                    message: string;
                                    /** @description at the latest; null: as soon as something changes */
                                    resumesAt: string | null;
                                    budget: {
                                        tenantId: string;
                                        budgetId: string;
                                    } | null;
                                    neededNanoUsd: string | null;
                                    missingNanoUsd: string | null;
                                } | null;
                                /** @description which call of a provider a waiting job waits for */
                                awaited: {
                                    /** Format: uuid */
                                    callId: string;
                                    message: string;
                                } | null;
                                priority: number;
                                dueAt: string | null;
                                tags: string[];
                                wakeAt: string | null;
                                deadlineAt: string | null;
                                correlationId: string;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            };
                            versions: {
                                /** Format: uuid */
                                versionId: string;
                                live: boolean;
                                /** @description when somebody made it live again; null: it went live by itself. Nothing replaces it by itself then */
                                rolledBackAt: string | null;
                                chunkSettings: {
                                    maxTokens: number;
                                    overlapTokens: number;
                                };
                                /** @description null: not parsed yet */
                                pageCount: number | null;
                                chunkCount: number | null;
                                /** Format: date-time */
                                createdAt: string;
                                publishedAt: string | null;
                                /** Format: uuid */
                                jobId: string;
                            }[];
                            costs: {
                                /** @enum {string} */
                                service: "parse" | "embed";
                                provider: string;
                                model: string;
                                simulated: boolean;
                                calls: number;
                                /** @description pages or tokens */
                                units: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                costNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                shadowNanoUsd: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Delete a document and all that was made from it */
        delete: {
            parameters: {
                query?: {
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path: {
                    documentId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description deleted */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/{documentId}/pages/{pageNumber}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The markdown of one page, of the live version if none is named */
        get: {
            parameters: {
                query?: {
                    /** @description the live one if not given */
                    version?: string;
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path: {
                    documentId: string;
                    pageNumber: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            documentId: string;
                            pageNumber: number;
                            markdown: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/{documentId}/pages/{pageNumber}/chunks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The chunks of one page, of the live version if none is named */
        get: {
            parameters: {
                query?: {
                    /** @description the live one if not given */
                    version?: string;
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path: {
                    documentId: string;
                    pageNumber: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            chunks: {
                                ordinal: number;
                                pageNumber: number;
                                start: number;
                                end: number;
                                headingPath: string[];
                                text: string;
                                tokenCount: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/{documentId}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Process a document again
         * @description Makes a new version, e.g. with other chunk settings, or parsed in another way. The live one serves until the new one is complete.
         */
        post: {
            parameters: {
                query?: {
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path: {
                    documentId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        chunking?: {
                            /** @default 512 */
                            maxTokens?: number;
                            /** @default 0 */
                            overlapTokens?: number;
                        };
                        parsing?: {
                            /**
                             * @description LlamaParse's tier
                             * @enum {string}
                             */
                            tier?: "fast" | "cost_effective" | "agentic" | "agentic_plus";
                            /** @description only these, e.g. 1,3,5-8 */
                            pages?: string;
                            /** @description languages of text in pictures */
                            languages?: string[];
                            /** @description further fields of LlamaParse's request, as its API has them */
                            options?: {
                                [key: string]: components["schemas"]["Json"];
                            };
                        };
                        routing?: {
                            /**
                             * @description the mode of parsing, for this version alone
                             * @enum {string}
                             */
                            parse?: "local" | "mock" | "real" | "hybrid";
                            /**
                             * @description the mode of embedding; only with `publish` false: search knows one vector space
                             * @enum {string}
                             */
                            embed?: "local" | "mock" | "real" | "hybrid";
                            /** @description the policy of mode `hybrid` */
                            policy?: string;
                            /** @description false: the version is made, and can be compared, but is not searched */
                            publish?: boolean;
                        };
                    } | null;
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            versionId: string;
                            job: {
                                /** Format: uuid */
                                jobId: string;
                                /** Format: uuid */
                                documentId: string;
                                /** Format: uuid */
                                versionId: string;
                                fileName: string;
                                /** @enum {string} */
                                stage: "parse" | "chunk" | "embed" | "publish";
                                /** @enum {string} */
                                state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                                failures: number;
                                error: {
                                    code: string;
                                    message: string;
                                    /** @description what to do next */
                                    action: string;
                                    cause: string | null;
                                } | null;
                                /** @description why a deferred job waits */
                                deferral: {
                                    /** @enum {string} */
                                    reason: "budget" | "in_doubt" | "in_progress" | "provider_stopped" | "provider_unhealthy";
                                    message: string;
                                    /** @description at the latest; null: as soon as something changes */
                                    resumesAt: string | null;
                                    budget: {
                                        tenantId: string;
                                        budgetId: string;
                                    } | null;
                                    neededNanoUsd: string | null;
                                    missingNanoUsd: string | null;
                                } | null;
                                /** @description which call of a provider a waiting job waits for */
                                awaited: {
                                    /** Format: uuid */
                                    callId: string;
                                    message: string;
                                } | null;
                                priority: number;
                                dueAt: string | null;
                                tags: string[];
                                wakeAt: string | null;
                                deadlineAt: string | null;
                                correlationId: string;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/documents/{documentId}/versions/{versionId}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make an earlier version live again
         * @description At once and as a whole: searches find the one or the other. It stays until somebody asks for another version; an upgrade that was made by itself does not replace it. Refused (`rollback_refused`) for a version that was never complete, was made to be compared only, or has not all of its vectors in the space that is searched now. For the version that is live it changes nothing.
         */
        post: {
            parameters: {
                query?: {
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path: {
                    documentId: string;
                    versionId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description why; it stays in the audit log */
                        reason?: string;
                    } | null;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            documentId: string;
                            fileName: string;
                            /** @enum {string} */
                            fileType: "pdf" | "docx" | "pptx" | "xlsx" | "html" | "markdown" | "text" | "csv";
                            byteCount: number;
                            /** @description hex, of the uploaded bytes */
                            sha256: string;
                            tags: string[];
                            metadata: {
                                [key: string]: components["schemas"]["Json"];
                            };
                            /** Format: date-time */
                            createdAt: string;
                            live: {
                                /** Format: uuid */
                                versionId: string;
                                pageCount: number;
                                chunkCount: number;
                                /** Format: date-time */
                                publishedAt: string;
                                /** @description when somebody made it live again; null: it went live by itself. Nothing replaces it by itself then */
                                rolledBackAt: string | null;
                                notes: string[];
                                provenance: {
                                    parse: {
                                        provider: string;
                                        model: string;
                                        /** @enum {string} */
                                        mode: "local" | "mock" | "real" | "hybrid";
                                        simulated: boolean;
                                        /** @description why the router chose this provider */
                                        reasons: string[];
                                        /** @description true: somebody better was wanted and could not be had; it is done again once they can */
                                        provisional?: boolean;
                                    };
                                    embed: {
                                        provider: string;
                                        model: string;
                                        dimensions: number;
                                        /** @description version of text preprocessing and model snapshot */
                                        revision: string;
                                        simulated: boolean;
                                    };
                                };
                            } | null;
                            /** @description the newest job */
                            job: {
                                /** Format: uuid */
                                jobId: string;
                                /** Format: uuid */
                                documentId: string;
                                /** Format: uuid */
                                versionId: string;
                                fileName: string;
                                /** @enum {string} */
                                stage: "parse" | "chunk" | "embed" | "publish";
                                /** @enum {string} */
                                state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                                failures: number;
                                error: {
                                    code: string;
                                    message: string;
                                    /** @description what to do next */
                                    action: string;
                                    cause: string | null;
                                } | null;
                                /** @description why a deferred job waits */
                                deferral: {
                                    /** @enum {string} */
                                    reason: "budget" | "in_doubt" | "in_progress" | "provider_stopped" | "provider_unhealthy";
                                    message: string;
                                    /** @description at the latest; null: as soon as something changes */
                                    resumesAt: string | null;
                                    budget: {
                                        tenantId: string;
                                        budgetId: string;
                                    } | null;
                                    neededNanoUsd: string | null;
                                    missingNanoUsd: string | null;
                                } | null;
                                /** @description which call of a provider a waiting job waits for */
                                awaited: {
                                    /** Format: uuid */
                                    callId: string;
                                    message: string;
                                } | null;
                                priority: number;
                                dueAt: string | null;
                                tags: string[];
                                wakeAt: string | null;
                                deadlineAt: string | null;
                                correlationId: string;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            };
                            versions: {
                                /** Format: uuid */
                                versionId: string;
                                live: boolean;
                                /** @description when somebody made it live again; null: it went live by itself. Nothing replaces it by itself then */
                                rolledBackAt: string | null;
                                chunkSettings: {
                                    maxTokens: number;
                                    overlapTokens: number;
                                };
                                /** @description null: not parsed yet */
                                pageCount: number | null;
                                chunkCount: number | null;
                                /** Format: date-time */
                                createdAt: string;
                                publishedAt: string | null;
                                /** Format: uuid */
                                jobId: string;
                            }[];
                            costs: {
                                /** @enum {string} */
                                service: "parse" | "embed";
                                provider: string;
                                model: string;
                                simulated: boolean;
                                calls: number;
                                /** @description pages or tokens */
                                units: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                costNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                shadowNanoUsd: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List jobs, newest first */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    cursor?: string;
                    state?: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                    documentId?: string;
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                jobId: string;
                                /** Format: uuid */
                                documentId: string;
                                /** Format: uuid */
                                versionId: string;
                                fileName: string;
                                /** @enum {string} */
                                stage: "parse" | "chunk" | "embed" | "publish";
                                /** @enum {string} */
                                state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                                failures: number;
                                error: {
                                    code: string;
                                    message: string;
                                    /** @description what to do next */
                                    action: string;
                                    cause: string | null;
                                } | null;
                                /** @description why a deferred job waits */
                                deferral: {
                                    /** @enum {string} */
                                    reason: "budget" | "in_doubt" | "in_progress" | "provider_stopped" | "provider_unhealthy";
                                    message: string;
                                    /** @description at the latest; null: as soon as something changes */
                                    resumesAt: string | null;
                                    budget: {
                                        tenantId: string;
                                        budgetId: string;
                                    } | null;
                                    neededNanoUsd: string | null;
                                    missingNanoUsd: string | null;
                                } | null;
                                /** @description which call of a provider a waiting job waits for */
                                awaited: {
                                    /** Format: uuid */
                                    callId: string;
                                    message: string;
                                } | null;
                                priority: number;
                                dueAt: string | null;
                                tags: string[];
                                wakeAt: string | null;
                                deadlineAt: string | null;
                                correlationId: string;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                updatedAt: string;
                                finishedAt: string | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{jobId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A job with its events */
        get: {
            parameters: {
                query?: {
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path: {
                    jobId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            jobId: string;
                            /** Format: uuid */
                            documentId: string;
                            /** Format: uuid */
                            versionId: string;
                            fileName: string;
                            /** @enum {string} */
                            stage: "parse" | "chunk" | "embed" | "publish";
                            /** @enum {string} */
                            state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                            failures: number;
                            error: {
                                code: string;
                                message: string;
                                /** @description what to do next */
                                action: string;
                                cause: string | null;
                            } | null;
                            /** @description why a deferred job waits */
                            deferral: {
                                /** @enum {string} */
                                reason: "budget" | "in_doubt" | "in_progress" | "provider_stopped" | "provider_unhealthy";
                                message: string;
                                /** @description at the latest; null: as soon as something changes */
                                resumesAt: string | null;
                                budget: {
                                    tenantId: string;
                                    budgetId: string;
                                } | null;
                                neededNanoUsd: string | null;
                                missingNanoUsd: string | null;
                            } | null;
                            /** @description which call of a provider a waiting job waits for */
                            awaited: {
                                /** Format: uuid */
                                callId: string;
                                message: string;
                            } | null;
                            priority: number;
                            dueAt: string | null;
                            tags: string[];
                            wakeAt: string | null;
                            deadlineAt: string | null;
                            correlationId: string;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                            /** @description oldest first */
                            events: {
                                /** Format: date-time */
                                at: string;
                                /** @enum {string} */
                                stage: "parse" | "chunk" | "embed" | "publish";
                                /** @enum {string} */
                                state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                                token: number;
                                reason: string;
                                error: {
                                    code: string;
                                    message: string;
                                    /** @description what to do next */
                                    action: string;
                                    cause: string | null;
                                } | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{jobId}/explanation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** By which route a job went and why, and what it waits for */
        get: {
            parameters: {
                query?: {
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path: {
                    jobId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            jobId: string;
                            /** Format: uuid */
                            documentId: string;
                            fileName: string;
                            state: string;
                            /** @description what happened and what it waits for, oldest first */
                            sentences: string[];
                            decisions: {
                                /** @enum {string} */
                                service: "parse" | "embed";
                                /** @enum {string} */
                                outcome: "call" | "wait" | "refuse";
                                /** @enum {string} */
                                mode: "local" | "mock" | "real" | "hybrid";
                                policy: string | null;
                                provider: string | null;
                                model: string | null;
                                /** @description somebody better was wanted; it is done again once they can be had */
                                provisional: boolean;
                                reasons: string[];
                                considered: {
                                    provider: string;
                                    model: string;
                                    simulated: boolean;
                                    /** @enum {string} */
                                    verdict: "chosen" | "not_wanted" | "unhealthy" | "limited" | "unaffordable" | "stuck";
                                    why: string;
                                }[];
                                /** @description when it is decided again, of `wait` */
                                until: string | null;
                                /** Format: date-time */
                                at: string;
                                /** @description how long the provider took */
                                providerMs: number | null;
                                /** @description of which pages, if not of all */
                                pages: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{jobId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel an unfinished job */
        post: {
            parameters: {
                query?: {
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path: {
                    jobId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            jobId: string;
                            /** Format: uuid */
                            documentId: string;
                            /** Format: uuid */
                            versionId: string;
                            fileName: string;
                            /** @enum {string} */
                            stage: "parse" | "chunk" | "embed" | "publish";
                            /** @enum {string} */
                            state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                            failures: number;
                            error: {
                                code: string;
                                message: string;
                                /** @description what to do next */
                                action: string;
                                cause: string | null;
                            } | null;
                            /** @description why a deferred job waits */
                            deferral: {
                                /** @enum {string} */
                                reason: "budget" | "in_doubt" | "in_progress" | "provider_stopped" | "provider_unhealthy";
                                message: string;
                                /** @description at the latest; null: as soon as something changes */
                                resumesAt: string | null;
                                budget: {
                                    tenantId: string;
                                    budgetId: string;
                                } | null;
                                neededNanoUsd: string | null;
                                missingNanoUsd: string | null;
                            } | null;
                            /** @description which call of a provider a waiting job waits for */
                            awaited: {
                                /** Format: uuid */
                                callId: string;
                                message: string;
                            } | null;
                            priority: number;
                            dueAt: string | null;
                            tags: string[];
                            wakeAt: string | null;
                            deadlineAt: string | null;
                            correlationId: string;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                            /** @description oldest first */
                            events: {
                                /** Format: date-time */
                                at: string;
                                /** @enum {string} */
                                stage: "parse" | "chunk" | "embed" | "publish";
                                /** @enum {string} */
                                state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                                token: number;
                                reason: string;
                                error: {
                                    code: string;
                                    message: string;
                                    /** @description what to do next */
                                    action: string;
                                    cause: string | null;
                                } | null;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{jobId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run a failed or cancelled job again */
        post: {
            parameters: {
                query?: {
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path: {
                    jobId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            jobId: string;
                            /** Format: uuid */
                            documentId: string;
                            /** Format: uuid */
                            versionId: string;
                            fileName: string;
                            /** @enum {string} */
                            stage: "parse" | "chunk" | "embed" | "publish";
                            /** @enum {string} */
                            state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                            failures: number;
                            error: {
                                code: string;
                                message: string;
                                /** @description what to do next */
                                action: string;
                                cause: string | null;
                            } | null;
                            /** @description why a deferred job waits */
                            deferral: {
                                /** @enum {string} */
                                reason: "budget" | "in_doubt" | "in_progress" | "provider_stopped" | "provider_unhealthy";
                                message: string;
                                /** @description at the latest; null: as soon as something changes */
                                resumesAt: string | null;
                                budget: {
                                    tenantId: string;
                                    budgetId: string;
                                } | null;
                                neededNanoUsd: string | null;
                                missingNanoUsd: string | null;
                            } | null;
                            /** @description which call of a provider a waiting job waits for */
                            awaited: {
                                /** Format: uuid */
                                callId: string;
                                message: string;
                            } | null;
                            priority: number;
                            dueAt: string | null;
                            tags: string[];
                            wakeAt: string | null;
                            deadlineAt: string | null;
                            correlationId: string;
                            /** Format: date-time */
                            createdAt: string;
                            /** Format: date-time */
                            updatedAt: string;
                            finishedAt: string | null;
                            /** @description oldest first */
                            events: {
                                /** Format: date-time */
                                at: string;
                                /** @enum {string} */
                                stage: "parse" | "chunk" | "embed" | "publish";
                                /** @enum {string} */
                                state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                                token: number;
                                reason: string;
                                error: {
                                    code: string;
                                    message: string;
                                    /** @description what to do next */
                                    action: string;
                                    cause: string | null;
                                } | null;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/modes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * In which mode each service is, and the policies that there are
         * @description The mode of a tenant goes before that of all (`*`), and that before the configuration.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            modes: {
                                /** @description `*`: of all tenants that have none of their own */
                                tenantId: string;
                                /** @enum {string} */
                                service: "parse" | "embed";
                                /** @enum {string} */
                                mode: "local" | "mock" | "real" | "hybrid";
                                /** @description of mode `hybrid` */
                                policy: string | null;
                                /** @description `mock` although this is production */
                                forced: boolean;
                                /** @enum {string} */
                                origin: "configuration" | "switched";
                                setBy: string | null;
                                reason: string | null;
                                updatedAt: string | null;
                            }[];
                            policies: {
                                [key: string]: {
                                    /**
                                     * @description `local`: the parser of this machine; `paid`: the provider that is configured
                                     * @enum {string}
                                     */
                                    use: "local" | "paid";
                                    /**
                                     * @description LlamaParse's tier; the server's if not given
                                     * @enum {string}
                                     */
                                    tier?: "fast" | "cost_effective" | "agentic" | "agentic_plus";
                                    /** @description only pages of these kinds; without it all but `faulty` ones, which a lower tier has read badly */
                                    pages?: ("simple" | "tables" | "scanned" | "unread" | "garbled" | "empty" | "faulty")[];
                                    /** @description only where the whole document, or the faulty pages, cost no more than this */
                                    maxCostUsd?: string;
                                }[];
                            };
                            production: boolean;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/modes/{tenantId}/{service}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Switch the mode of a service
         * @description Takes effect for the next decision, in all processes within a second; work under way ends as it was routed. The tenant `*` stands for all that have no mode of their own. `mock` is refused in production unless forced.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description * for all tenants together */
                    tenantId: string | "*";
                    service: "parse" | "embed";
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        mode: "local" | "mock" | "real" | "hybrid";
                        policy?: string;
                        /**
                         * @description switch to `mock` although this is production
                         * @default false
                         */
                        force?: boolean;
                        /** @description why; it stays in the audit log */
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            modes: {
                                /** @description `*`: of all tenants that have none of their own */
                                tenantId: string;
                                /** @enum {string} */
                                service: "parse" | "embed";
                                /** @enum {string} */
                                mode: "local" | "mock" | "real" | "hybrid";
                                /** @description of mode `hybrid` */
                                policy: string | null;
                                /** @description `mock` although this is production */
                                forced: boolean;
                                /** @enum {string} */
                                origin: "configuration" | "switched";
                                setBy: string | null;
                                reason: string | null;
                                updatedAt: string | null;
                            }[];
                            policies: {
                                [key: string]: {
                                    /**
                                     * @description `local`: the parser of this machine; `paid`: the provider that is configured
                                     * @enum {string}
                                     */
                                    use: "local" | "paid";
                                    /**
                                     * @description LlamaParse's tier; the server's if not given
                                     * @enum {string}
                                     */
                                    tier?: "fast" | "cost_effective" | "agentic" | "agentic_plus";
                                    /** @description only pages of these kinds; without it all but `faulty` ones, which a lower tier has read badly */
                                    pages?: ("simple" | "tables" | "scanned" | "unread" | "garbled" | "empty" | "faulty")[];
                                    /** @description only where the whole document, or the faulty pages, cost no more than this */
                                    maxCostUsd?: string;
                                }[];
                            };
                            production: boolean;
                        };
                    };
                };
            };
        };
        post?: never;
        /** Take a switched mode back */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description * for all tenants together */
                    tenantId: string | "*";
                    service: "parse" | "embed";
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            modes: {
                                /** @description `*`: of all tenants that have none of their own */
                                tenantId: string;
                                /** @enum {string} */
                                service: "parse" | "embed";
                                /** @enum {string} */
                                mode: "local" | "mock" | "real" | "hybrid";
                                /** @description of mode `hybrid` */
                                policy: string | null;
                                /** @description `mock` although this is production */
                                forced: boolean;
                                /** @enum {string} */
                                origin: "configuration" | "switched";
                                setBy: string | null;
                                reason: string | null;
                                updatedAt: string | null;
                            }[];
                            policies: {
                                [key: string]: {
                                    /**
                                     * @description `local`: the parser of this machine; `paid`: the provider that is configured
                                     * @enum {string}
                                     */
                                    use: "local" | "paid";
                                    /**
                                     * @description LlamaParse's tier; the server's if not given
                                     * @enum {string}
                                     */
                                    tier?: "fast" | "cost_effective" | "agentic" | "agentic_plus";
                                    /** @description only pages of these kinds; without it all but `faulty` ones, which a lower tier has read badly */
                                    pages?: ("simple" | "tables" | "scanned" | "unread" | "garbled" | "empty" | "faulty")[];
                                    /** @description only where the whole document, or the faulty pages, cost no more than this */
                                    maxCostUsd?: string;
                                }[];
                            };
                            production: boolean;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who changed what, newest first
         * @description Of your tenant and of what concerns all; with an admin key of all tenants, or of one and of what concerns all.
         */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description newest first */
                            events: {
                                eventId: string;
                                /** Format: date-time */
                                at: string;
                                tenantId: string;
                                /** @description `key <id>`, or `process` for the command line on this machine */
                                actor: string;
                                action: string;
                                subject: string;
                                details: {
                                    [key: string]: components["schemas"]["Json"];
                                };
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How each provider is
         * @description From the calls of all processes in the last minute; nothing is called to find out.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            providers: {
                                /** @description with ` (simulated)` behind it where it only imitates that provider */
                                provider: string;
                                /**
                                 * @description `open`: it gets no calls; `half_open`: a few, to see whether it is back
                                 * @enum {string}
                                 */
                                state: "closed" | "open" | "half_open";
                                since: string | null;
                                /** @description when it is tried again, if it is open */
                                retryAt: string | null;
                                /** @description until when it takes nothing, by its own word */
                                limitedUntil: string | null;
                                reason: string | null;
                                /** @description in the last minute */
                                calls: number;
                                /** @description of these, the provider's own failures */
                                faults: number;
                                /** @description of these, refused as too many */
                                limited: number;
                                /** @description of these, calls that had failed before */
                                retries: number;
                                latencyMs: {
                                    p50: number;
                                    p95: number;
                                    p99: number;
                                } | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/providers/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What each provider did in a span of time, real beside simulated
         * @description Calls, documents and amounts are those of the books: of your tenant, with an admin key of all or of one. Faults and latencies were measured at the calls of all tenants; once they are an hour old they are kept by the hour (UTC), and an hour that the span only touches counts whole.
         */
        get: {
            parameters: {
                query: {
                    /** @description the first moment */
                    from: string;
                    /** @description the first moment after */
                    to: string;
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            records: {
                                /** @enum {string} */
                                service: "parse" | "embed";
                                provider: string;
                                simulated: boolean;
                                models: string[];
                                /** @description in the books */
                                calls: number;
                                documents: number;
                                /** @enum {string} */
                                unit: "page" | "token";
                                units: string;
                                total: {
                                    /** @description what was paid */
                                    costNanoUsd: string;
                                    /** @description what the real provider would have charged, or did */
                                    shadowNanoUsd: string;
                                };
                                /** @description of calls for documents; rounded to nano-dollars */
                                perDocument: {
                                    /** @description what was paid */
                                    costNanoUsd: string;
                                    /** @description what the real provider would have charged, or did */
                                    shadowNanoUsd: string;
                                } | null;
                                perUnits: {
                                    /** @description what was paid */
                                    costNanoUsd: string;
                                    /** @description what the real provider would have charged, or did */
                                    shadowNanoUsd: string;
                                    /** @description 1 page, or 1,000,000 tokens */
                                    units: number;
                                } | null;
                                /** @description of all tenants; null: no call of it was measured in the span */
                                measured: {
                                    calls: number;
                                    /** @description the provider's own failures; a document that fails again within a minute counts once */
                                    faults: number;
                                    /** @description refused as too many */
                                    limited: number;
                                    retries: number;
                                    /** @description calls whose latency was measured */
                                    answers: number;
                                    /** @description upper bounds */
                                    latencyMs: {
                                        p50: number;
                                        p95: number;
                                        p99: number;
                                    } | null;
                                } | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/providers/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How much room there is in the rate limits of providers
         * @description As the limiters of all processes see it together; a limit is known once the provider has told it. Nothing is called to find out.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description those that were used within a day */
                            accounts: {
                                provider: string;
                                /** @description null: the limit is that of all models */
                                model: string | null;
                                simulated: boolean;
                                /** @description the beginning of a hash of the key, to tell several apart */
                                key: string | null;
                                /** @description empty: the provider has not told any yet */
                                limits: {
                                    /** @enum {string} */
                                    unit: "requests" | "tokens" | "uploads";
                                    /** @description the limit holds in any span of this length */
                                    spanSeconds: number;
                                    limit: number;
                                    /** @description in the span that ends now, with what was given a turn soon */
                                    used: number;
                                    /** @description 0 while the account is closed */
                                    room: number;
                                }[];
                                /** @description when one more request could be sent; null: now */
                                freeAt: string | null;
                                /** @description until when nothing is sent, since the provider said that it gets too much */
                                closedUntil: string | null;
                                /** @description requests of the process that answers; `most` follows from how they fare */
                                atOnce: {
                                    underWay: number;
                                    most: number;
                                    waiting: number;
                                } | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/comparisons/{versionA}/{versionB}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Two versions of a document side by side
         * @description What two routes made of the same bytes: times with the share of the provider, costs, pages, tables, how alike the texts are, and whether search would find the same. Make versions with `routing` and `publish` false to compare without touching what is searched.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    versionA: string;
                    versionB: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            documentId: string;
                            fileName: string;
                            a: {
                                /** Format: uuid */
                                versionId: string;
                                /** Format: uuid */
                                jobId: string;
                                provenance: {
                                    parse: {
                                        provider: string;
                                        model: string;
                                        /** @enum {string} */
                                        mode: "local" | "mock" | "real" | "hybrid";
                                        simulated: boolean;
                                        /** @description why the router chose this provider */
                                        reasons: string[];
                                        /** @description true: somebody better was wanted and could not be had; it is done again once they can */
                                        provisional?: boolean;
                                    };
                                    embed: {
                                        provider: string;
                                        model: string;
                                        dimensions: number;
                                        /** @description version of text preprocessing and model snapshot */
                                        revision: string;
                                        simulated: boolean;
                                    };
                                };
                                pages: number;
                                characters: number;
                                tables: number;
                                chunks: number;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                costNanoUsd: string;
                                /** @description what the real providers would have charged */
                                shadowNanoUsd: string;
                                stages: {
                                    /** @enum {string} */
                                    stage: "parse" | "chunk" | "embed" | "publish";
                                    /** @description while a worker had it */
                                    workMs: number;
                                    /** @description while it waited for a provider, money or a worker */
                                    waitedMs: number;
                                    /** @description of that, the time of the provider; null where none was called */
                                    providerMs: number | null;
                                }[];
                                /** @description the result was there already: its times say nothing */
                                reused: boolean;
                            };
                            b: {
                                /** Format: uuid */
                                versionId: string;
                                /** Format: uuid */
                                jobId: string;
                                provenance: {
                                    parse: {
                                        provider: string;
                                        model: string;
                                        /** @enum {string} */
                                        mode: "local" | "mock" | "real" | "hybrid";
                                        simulated: boolean;
                                        /** @description why the router chose this provider */
                                        reasons: string[];
                                        /** @description true: somebody better was wanted and could not be had; it is done again once they can */
                                        provisional?: boolean;
                                    };
                                    embed: {
                                        provider: string;
                                        model: string;
                                        dimensions: number;
                                        /** @description version of text preprocessing and model snapshot */
                                        revision: string;
                                        simulated: boolean;
                                    };
                                };
                                pages: number;
                                characters: number;
                                tables: number;
                                chunks: number;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                costNanoUsd: string;
                                /** @description what the real providers would have charged */
                                shadowNanoUsd: string;
                                stages: {
                                    /** @enum {string} */
                                    stage: "parse" | "chunk" | "embed" | "publish";
                                    /** @description while a worker had it */
                                    workMs: number;
                                    /** @description while it waited for a provider, money or a worker */
                                    waitedMs: number;
                                    /** @description of that, the time of the provider; null where none was called */
                                    providerMs: number | null;
                                }[];
                                /** @description the result was there already: its times say nothing */
                                reused: boolean;
                            };
                            similarity: {
                                /** @description of the words of both, those that stand in the same order in both */
                                inOrder: number;
                                /** @description of the words of both, those that both have, in whatever order */
                                words: number;
                                pagesCompared: number;
                                /** @description whose order was not compared: too much differs */
                                pagesTooDifferent: number;
                            };
                            /** @description of the nearest chunks of each chunk, those that are its nearest in the other version too; null without vectors */
                            neighbours: {
                                agreement: number;
                                chunksCompared: number;
                                k: number;
                            } | null;
                            mostDifferentPage: {
                                pageNumber: number;
                                similarity: number;
                                parts: {
                                    /** @enum {string} */
                                    kind: "both" | "a" | "b";
                                    text: string;
                                }[];
                            } | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Search the live versions by meaning and by words
         * @description Vector and full-text rankings are fused by reciprocal rank. `degraded` says why vectors were not used.
         */
        post: {
            parameters: {
                query?: {
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        query: string;
                        /** @default 10 */
                        k?: number;
                        /** @default {} */
                        filters?: {
                            documentIds?: string[];
                            fileTypes?: ("pdf" | "docx" | "pptx" | "xlsx" | "html" | "markdown" | "text" | "csv")[];
                            /** Format: date-time */
                            createdAfter?: string;
                            /** Format: date-time */
                            createdBefore?: string;
                            /** @description documents whose metadata contains all of this */
                            metadata?: {
                                [key: string]: components["schemas"]["Json"];
                            };
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            hits: {
                                /** Format: uuid */
                                documentId: string;
                                /** Format: uuid */
                                versionId: string;
                                fileName: string;
                                /** @enum {string} */
                                fileType: "pdf" | "docx" | "pptx" | "xlsx" | "html" | "markdown" | "text" | "csv";
                                metadata: {
                                    [key: string]: components["schemas"]["Json"];
                                };
                                ordinal: number;
                                pageNumber: number;
                                headingPath: string[];
                                /** @description offset into the markdown of the page, UTF-16 code units */
                                start: number;
                                end: number;
                                text: string;
                                /** @description places in `text` that match words of the query */
                                highlights: {
                                    start: number;
                                    end: number;
                                }[];
                                /** @description sum of the parts */
                                score: number;
                                scoreParts: {
                                    vector: {
                                        rank: number;
                                        cosineSimilarity: number;
                                        score: number;
                                    } | null;
                                    fullText: {
                                        rank: number;
                                        textRank: number;
                                        score: number;
                                    } | null;
                                };
                                provenance: {
                                    parse: {
                                        provider: string;
                                        model: string;
                                        /** @enum {string} */
                                        mode: "local" | "mock" | "real" | "hybrid";
                                        simulated: boolean;
                                        /** @description why the router chose this provider */
                                        reasons: string[];
                                        /** @description true: somebody better was wanted and could not be had; it is done again once they can */
                                        provisional?: boolean;
                                    };
                                    embed: {
                                        provider: string;
                                        model: string;
                                        dimensions: number;
                                        /** @description version of text preprocessing and model snapshot */
                                        revision: string;
                                        simulated: boolean;
                                    };
                                };
                            }[];
                            /** @enum {string} */
                            method: "hybrid" | "full_text";
                            /** @description why vectors were not used, or not for all documents */
                            degraded: string | null;
                            /** @description the vector space that was searched */
                            space: {
                                provider: string;
                                model: string;
                                dimensions: number;
                                /** @description version of text preprocessing and model snapshot */
                                revision: string;
                                simulated: boolean;
                            } | null;
                            tookMs: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Vector spaces, and how much of your documents each covers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            spaces: {
                                provider: string;
                                model: string;
                                dimensions: number;
                                /** @description version of text preprocessing and model snapshot */
                                revision: string;
                                simulated: boolean;
                                spaceId: string;
                                /** @description the one that is searched */
                                live: boolean;
                                /** @description this server can embed in it: its provider is configured, and its mode is the present one */
                                usable: boolean;
                                vectors: number;
                                /** @description texts of live documents that have a vector in it */
                                covered: number;
                                /** @description different texts of live documents */
                                texts: number;
                                /** @description the last look whether the model still gives the same vectors */
                                drift: {
                                    /** Format: date-time */
                                    checkedAt: string;
                                    texts: number;
                                    leastCosine: number;
                                } | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reembeddings/quote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what bringing all documents into a space would cost */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        spaceId?: string;
                        model?: string;
                        dimensions?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            space: {
                                provider: string;
                                model: string;
                                dimensions: number;
                                /** @description version of text preprocessing and model snapshot */
                                revision: string;
                                simulated: boolean;
                                spaceId: string;
                            };
                            /** @description the space that is searched now */
                            from: string | null;
                            texts: number;
                            tokens: number;
                            /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                            costNanoUsd: string;
                            /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                            shadowNanoUsd: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reembeddings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Re-embeddings, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            reembeddings: {
                                /** Format: uuid */
                                reembeddingId: string;
                                spaceId: string;
                                fromSpaceId: string | null;
                                /** @enum {string} */
                                state: "running" | "succeeded" | "failed" | "cancelled";
                                quote: {
                                    texts: number;
                                    tokens: number;
                                    /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                    costNanoUsd: string;
                                    /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                    shadowNanoUsd: string;
                                };
                                embeddedTexts: number;
                                waitsFor: string | null;
                                error: {
                                    code: string;
                                    message: string;
                                } | null;
                                /** Format: date-time */
                                createdAt: string;
                                finishedAt: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Bring all documents into a space, then search it
         * @description Works after all documents that come in, batch by batch, within the budgets; it goes on after a restart. The space that is searched now stays until the other one has every text, and all its vectors stay after: the same call with its name switches back.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default {} */
                        target?: {
                            spaceId?: string;
                            model?: string;
                            dimensions?: number;
                        };
                        /** @description refused when its quote is more than this */
                        maxCostNanoUsd?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            reembeddingId: string;
                            spaceId: string;
                            fromSpaceId: string | null;
                            /** @enum {string} */
                            state: "running" | "succeeded" | "failed" | "cancelled";
                            quote: {
                                texts: number;
                                tokens: number;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                costNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                shadowNanoUsd: string;
                            };
                            embeddedTexts: number;
                            waitsFor: string | null;
                            error: {
                                code: string;
                                message: string;
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reembeddings/{reembeddingId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One re-embedding */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    reembeddingId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            reembeddingId: string;
                            spaceId: string;
                            fromSpaceId: string | null;
                            /** @enum {string} */
                            state: "running" | "succeeded" | "failed" | "cancelled";
                            quote: {
                                texts: number;
                                tokens: number;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                costNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                shadowNanoUsd: string;
                            };
                            embeddedTexts: number;
                            waitsFor: string | null;
                            error: {
                                code: string;
                                message: string;
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reembeddings/{reembeddingId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a re-embedding; what it has embedded stays */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    reembeddingId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            reembeddingId: string;
                            spaceId: string;
                            fromSpaceId: string | null;
                            /** @enum {string} */
                            state: "running" | "succeeded" | "failed" | "cancelled";
                            quote: {
                                texts: number;
                                tokens: number;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                costNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                shadowNanoUsd: string;
                            };
                            embeddedTexts: number;
                            waitsFor: string | null;
                            error: {
                                code: string;
                                message: string;
                            } | null;
                            /** Format: date-time */
                            createdAt: string;
                            finishedAt: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was paid, and what simulated calls would have cost
         * @description Sums by what `by` lists, or with `by=call` the single entries of the books. Of your own tenant; an admin key may name another.
         */
        get: {
            parameters: {
                query?: {
                    /** @description one or several of day, service, purpose, provider, model, document, tag, tenant, separated by commas; or call, for each single entry of the books */
                    by?: string;
                    /** @description the first moment or day; the first of the month if not given */
                    from?: string;
                    /** @description a time: up to it, without it; a day: with all of it; the end of the month if not given */
                    to?: string;
                    /** @description where days and months begin: an IANA time zone */
                    timeZone?: string;
                    /** @description with an admin key: another tenant, or * for all; else your own */
                    tenant?: string | "*";
                    /** @description only what this document cost */
                    document?: string;
                    /** @description csv also with Accept: text/csv; it holds all rows */
                    format?: "json" | "csv";
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the costs */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            kind: "sums";
                            by: ("day" | "service" | "purpose" | "provider" | "model" | "document" | "tag" | "tenant")[];
                            /** @description * for all */
                            tenant: string;
                            /** Format: date-time */
                            from: string;
                            /**
                             * Format: date-time
                             * @description the first moment after
                             */
                            to: string;
                            timeZone: string;
                            /** @description of everything asked for, not only of these rows */
                            totals: {
                                calls: number;
                                simulatedCalls: number;
                                units: {
                                    pages: string;
                                    tokens: string;
                                };
                                /** @description the part of what is held of which nobody knows whether it was charged */
                                inDoubtNanoUsd: string;
                                /** @description what was paid */
                                costNanoUsd: string;
                                /** @description what the real provider would have charged, or did */
                                shadowNanoUsd: string;
                                /** @description quotes of calls that have not ended; those in doubt included */
                                heldNanoUsd: string;
                                /** @description what was not spent since the result was there already */
                                avoidedNanoUsd: string;
                                /** @description what the real provider would not have been paid for that reason */
                                avoidedShadowNanoUsd: string;
                            };
                            nextCursor: string | null;
                            rows: {
                                /** Format: date */
                                day?: string;
                                /** @enum {string} */
                                service?: "parse" | "embed";
                                purpose?: string;
                                provider?: string;
                                model?: string;
                                documentId?: string | null;
                                /** @description null when the document has been deleted */
                                fileName?: string | null;
                                /** @description empty: without a tag; what has several counts for each */
                                tag?: string;
                                tenantId?: string;
                                calls: number;
                                simulatedCalls: number;
                                units: {
                                    pages: string;
                                    tokens: string;
                                };
                                /** @description the part of what is held of which nobody knows whether it was charged */
                                inDoubtNanoUsd: string;
                                /** @description what was paid */
                                costNanoUsd: string;
                                /** @description what the real provider would have charged, or did */
                                shadowNanoUsd: string;
                                /** @description quotes of calls that have not ended; those in doubt included */
                                heldNanoUsd: string;
                                /** @description what was not spent since the result was there already */
                                avoidedNanoUsd: string;
                                /** @description what the real provider would not have been paid for that reason */
                                avoidedShadowNanoUsd: string;
                            }[];
                        } | {
                            /** @enum {string} */
                            kind: "calls";
                            /** @description * for all */
                            tenant: string;
                            /** Format: date-time */
                            from: string;
                            /**
                             * Format: date-time
                             * @description the first moment after
                             */
                            to: string;
                            timeZone: string;
                            /** @description of everything asked for, not only of these rows */
                            totals: {
                                calls: number;
                                simulatedCalls: number;
                                units: {
                                    pages: string;
                                    tokens: string;
                                };
                                /** @description the part of what is held of which nobody knows whether it was charged */
                                inDoubtNanoUsd: string;
                                /** @description what was paid */
                                costNanoUsd: string;
                                /** @description what the real provider would have charged, or did */
                                shadowNanoUsd: string;
                                /** @description quotes of calls that have not ended; those in doubt included */
                                heldNanoUsd: string;
                                /** @description what was not spent since the result was there already */
                                avoidedNanoUsd: string;
                                /** @description what the real provider would not have been paid for that reason */
                                avoidedShadowNanoUsd: string;
                            };
                            nextCursor: string | null;
                            /** @description newest first */
                            rows: {
                                /** Format: date-time */
                                at: string;
                                tenantId: string;
                                /** Format: uuid */
                                entryId: string;
                                /** Format: uuid */
                                callId: string;
                                /** @enum {string} */
                                kind: "hold" | "release" | "settlement" | "overrun" | "adjustment" | "avoided";
                                /** @enum {string} */
                                service: "parse" | "embed";
                                purpose: string;
                                provider: string;
                                model: string;
                                /** @enum {string} */
                                mode: "local" | "mock" | "real" | "hybrid";
                                simulated: boolean;
                                /** @description why the router chose this provider */
                                reasons: string[];
                                documentId: string | null;
                                fileName: string | null;
                                jobId: string | null;
                                tags: string[];
                                /**
                                 * Format: date-time
                                 * @description when the call was quoted: the time that counts for periods and budgets
                                 */
                                bookedAt: string;
                                note: string | null;
                                units: string;
                                /** @enum {string} */
                                unit: "page" | "token";
                                /** @description what was paid */
                                costNanoUsd: string;
                                /** @description what the real provider would have charged, or did */
                                shadowNanoUsd: string;
                                /** @description quotes of calls that have not ended; those in doubt included */
                                heldNanoUsd: string;
                                /** @description what was not spent since the result was there already */
                                avoidedNanoUsd: string;
                                /** @description what the real provider would not have been paid for that reason */
                                avoidedShadowNanoUsd: string;
                            }[];
                        };
                        "text/csv": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/costs/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the present month, and the present window of each budget, will have cost at its end
         * @description Of your own tenant and of the budgets that cover it; an admin key may name another tenant, or * for all, and sees all budgets if it names none. Based on up to 182 past days; an interval that should hold four times in five.
         */
        get: {
            parameters: {
                query?: {
                    /** @description whose present month is forecast: an IANA time zone */
                    timeZone?: string;
                    /** @description with an admin key: another tenant, or * for all; else your own */
                    tenant?: string | "*";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            at: string;
                            /** @description * for all */
                            tenant: string;
                            timeZone: string;
                            /** @description what will be paid in the month */
                            real: {
                                /** Format: date-time */
                                windowStart: string;
                                /**
                                 * Format: date-time
                                 * @description the first moment after
                                 */
                                windowEnd: string;
                                /** @description what the window has spent already */
                                spentNanoUsd: string;
                                expectedNanoUsd: string | null;
                                /** @description with highNanoUsd the interval that should hold four times in five; null without past days */
                                lowNanoUsd: string | null;
                                highNanoUsd: string | null;
                                /** @enum {number} */
                                confidencePercent: 80;
                                /** @enum {string} */
                                method: "nothing known" | "rate of today" | "recent level" | "recent level and weekdays";
                                /** @description past days that it is based on, at most 182 */
                                historyDays: number;
                            };
                            /** @description what the real providers would charge for it */
                            shadow: {
                                /** Format: date-time */
                                windowStart: string;
                                /**
                                 * Format: date-time
                                 * @description the first moment after
                                 */
                                windowEnd: string;
                                /** @description what the window has spent already */
                                spentNanoUsd: string;
                                expectedNanoUsd: string | null;
                                /** @description with highNanoUsd the interval that should hold four times in five; null without past days */
                                lowNanoUsd: string | null;
                                highNanoUsd: string | null;
                                /** @enum {number} */
                                confidencePercent: 80;
                                /** @enum {string} */
                                method: "nothing known" | "rate of today" | "recent level" | "recent level and weekdays";
                                /** @description past days that it is based on, at most 182 */
                                historyDays: number;
                            };
                            /** @description those with a window that ends */
                            budgets: {
                                /** Format: date-time */
                                windowStart: string;
                                /**
                                 * Format: date-time
                                 * @description the first moment after
                                 */
                                windowEnd: string;
                                /** @description what the window has spent already */
                                spentNanoUsd: string;
                                expectedNanoUsd: string | null;
                                /** @description with highNanoUsd the interval that should hold four times in five; null without past days */
                                lowNanoUsd: string | null;
                                highNanoUsd: string | null;
                                /** @enum {number} */
                                confidencePercent: 80;
                                /** @enum {string} */
                                method: "nothing known" | "rate of today" | "recent level" | "recent level and weekdays";
                                /** @description past days that it is based on, at most 182 */
                                historyDays: number;
                                /** @description * for all tenants together */
                                tenantId: string | "*";
                                budgetId: string;
                                /** @enum {string} */
                                money: "real" | "shadow";
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                capNanoUsd: string;
                                /** @enum {string} */
                                period: "hour" | "day" | "week" | "month" | "total";
                                timeZone: string;
                                /** @description when the cap will be reached; null: not in this window, or nothing is known */
                                expectedExhaustionAt: string | null;
                                /** @description more is expected than the cap allows; null: nothing is known */
                                exceedsCap: boolean | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/costs/simulate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay past calls against other budgets or prices
         * @description What would have waited, been rejected or cost something else. Nothing is changed. Of your own tenant; an admin key may name another, or * for all. At most 1,000,000 calls; one simulation runs at a time, others wait for it.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description each as `PUT /v1/budgets` takes it with its names, or in words: "$5/day service=parse policy=defer"
                         * @default []
                         */
                        budgets?: (string | {
                            /** @description * for all tenants together */
                            tenantId: string | "*";
                            /** @default null */
                            service?: ("parse" | "embed") | null;
                            /** @default null */
                            provider?: string | null;
                            /** @default null */
                            apiKeyId?: string | null;
                            /** @default null */
                            tag?: string | null;
                            budgetId: string;
                            /**
                             * @description shadow: what the real providers would have charged, so that mock mode rehearses the budget
                             * @default real
                             * @enum {string}
                             */
                            money?: "real" | "shadow";
                            /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                            capNanoUsd: string & (unknown & unknown);
                            /** @enum {string} */
                            period: "hour" | "day" | "week" | "month" | "total";
                            /**
                             * @description where hours, days, weeks (from Monday) and months begin
                             * @default UTC
                             */
                            timeZone?: string;
                            /**
                             * @description what becomes of work that does not fit: it waits, fails, or goes to a free provider where the router has one
                             * @default defer
                             * @enum {string}
                             */
                            policy?: "defer" | "reject" | "fallback";
                            /**
                             * @default [
                             *       50,
                             *       80,
                             *       95,
                             *       100
                             *     ]
                             */
                            alertPercents?: number[];
                        })[];
                        /** @description price list as SLUICE_PRICE_LIST has it; every call is priced by it alone, also the built-in prices do not count */
                        prices?: {
                            prices: {
                                provider: string;
                                /** @enum {string} */
                                operation: "parse" | "embed";
                                /** @description model or tier */
                                model: string;
                                /** @enum {string} */
                                unit: "page" | "token";
                                nanoUsd: string | number;
                                perUnits: string | number;
                                /** Format: date */
                                effectiveFrom: string;
                                /** Format: date */
                                effectiveTo?: string;
                                /** @description where the price was read */
                                source: string;
                            }[];
                        };
                        /** @description the first moment or day; the first of the month if not given */
                        from?: string;
                        /** @description a time: up to it, without it; a day: with all of it; the end of the month if not given */
                        to?: string;
                        /**
                         * @description where days begin: an IANA time zone
                         * @default UTC
                         */
                        timeZone?: string;
                        /** @description with an admin key: another tenant, or * for all; else your own */
                        tenant?: string | "*";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description * for all */
                            tenant: string;
                            /** Format: date-time */
                            from: string;
                            /**
                             * Format: date-time
                             * @description the first moment after; not later than now
                             */
                            to: string;
                            timeZone: string;
                            /** @enum {string} */
                            prices: "as booked" | "as given";
                            totals: {
                                calls: number;
                                admittedCalls: number;
                                waitingCalls: number;
                                rejectedCalls: number;
                                fallbackCalls: number;
                                /** @description calls that waited at all */
                                deferredCalls: number;
                                /** @description of the admitted calls, under the replay */
                                costNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                shadowNanoUsd: string;
                                /** @description of all calls, in the books */
                                bookedCostNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                bookedShadowNanoUsd: string;
                            };
                            budgets: {
                                tenantId: string;
                                budgetId: string;
                                /** @enum {string} */
                                money: "real" | "shadow";
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                capNanoUsd: string;
                                /** @enum {string} */
                                period: "hour" | "day" | "week" | "month" | "total";
                                timeZone: string;
                                /** @enum {string} */
                                policy: "defer" | "reject" | "fallback";
                                /** @description windows into which some call did not fit */
                                windowsExhausted: number;
                                firstExhaustedAt: string | null;
                                /** @description of the fullest window; null for a cap of 0 */
                                mostUsedPercent: number | null;
                                /** @description calls that waited for it */
                                deferredCalls: number;
                                rejectedCalls: number;
                                fallbackCalls: number;
                                /** @description those of the deferred that still wait at the end */
                                waitingCalls: number;
                                /** @description to the end for those that still wait; null: none waited */
                                longestWaitSeconds: number | null;
                                medianWaitSeconds: number | null;
                            }[];
                            /** @description those on which something was spent or deferred */
                            days: {
                                /** Format: date */
                                day: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                costNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                shadowNanoUsd: string;
                                deferredCalls: number;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Budgets with what is spent, held, left and waiting in their present window
         * @description Those that cover your tenant; with an admin key those of all tenants.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            budgets: {
                                /** @description * for all tenants together */
                                tenantId: string | "*";
                                /** @default null */
                                service: ("parse" | "embed") | null;
                                /** @default null */
                                provider: string | null;
                                /** @default null */
                                apiKeyId: string | null;
                                /** @default null */
                                tag: string | null;
                                budgetId: string;
                                /**
                                 * @description shadow: what the real providers would have charged, so that mock mode rehearses the budget
                                 * @default real
                                 * @enum {string}
                                 */
                                money: "real" | "shadow";
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                capNanoUsd: string & (unknown & unknown);
                                /** @enum {string} */
                                period: "hour" | "day" | "week" | "month" | "total";
                                /**
                                 * @description where hours, days, weeks (from Monday) and months begin
                                 * @default UTC
                                 */
                                timeZone: string;
                                /**
                                 * @description what becomes of work that does not fit: it waits, fails, or goes to a free provider where the router has one
                                 * @default defer
                                 * @enum {string}
                                 */
                                policy: "defer" | "reject" | "fallback";
                                /**
                                 * @default [
                                 *       50,
                                 *       80,
                                 *       95,
                                 *       100
                                 *     ]
                                 */
                                alertPercents: number[];
                                /** @enum {string} */
                                origin: "api" | "configuration";
                                /** @description null: since ever */
                                windowStart: string | null;
                                /** @description null: never */
                                windowEnd: string | null;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                heldNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                spentNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                leftNanoUsd: string;
                                /** @description jobs that wait for money of this budget */
                                waitingJobs: number;
                                /** @description what those need */
                                waitingNanoUsd: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/budgets/{tenantId}/{budgetId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set a budget
         * @description Takes effect for the next call, everywhere. A new budget counts what its present window has spent already; a raised cap wakes the jobs that wait for it at once. The tenant `*` stands for all tenants together.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description * for all tenants together */
                    tenantId: string | "*";
                    budgetId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default null */
                        service?: ("parse" | "embed") | null;
                        /** @default null */
                        provider?: string | null;
                        /** @default null */
                        apiKeyId?: string | null;
                        /** @default null */
                        tag?: string | null;
                        /**
                         * @description shadow: what the real providers would have charged, so that mock mode rehearses the budget
                         * @default real
                         * @enum {string}
                         */
                        money?: "real" | "shadow";
                        /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                        capNanoUsd: string & (unknown & unknown);
                        /** @enum {string} */
                        period: "hour" | "day" | "week" | "month" | "total";
                        /**
                         * @description where hours, days, weeks (from Monday) and months begin
                         * @default UTC
                         */
                        timeZone?: string;
                        /**
                         * @description what becomes of work that does not fit: it waits, fails, or goes to a free provider where the router has one
                         * @default defer
                         * @enum {string}
                         */
                        policy?: "defer" | "reject" | "fallback";
                        /**
                         * @default [
                         *       50,
                         *       80,
                         *       95,
                         *       100
                         *     ]
                         */
                        alertPercents?: number[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description * for all tenants together */
                            tenantId: string | "*";
                            /** @default null */
                            service: ("parse" | "embed") | null;
                            /** @default null */
                            provider: string | null;
                            /** @default null */
                            apiKeyId: string | null;
                            /** @default null */
                            tag: string | null;
                            budgetId: string;
                            /**
                             * @description shadow: what the real providers would have charged, so that mock mode rehearses the budget
                             * @default real
                             * @enum {string}
                             */
                            money: "real" | "shadow";
                            /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                            capNanoUsd: string & (unknown & unknown);
                            /** @enum {string} */
                            period: "hour" | "day" | "week" | "month" | "total";
                            /**
                             * @description where hours, days, weeks (from Monday) and months begin
                             * @default UTC
                             */
                            timeZone: string;
                            /**
                             * @description what becomes of work that does not fit: it waits, fails, or goes to a free provider where the router has one
                             * @default defer
                             * @enum {string}
                             */
                            policy: "defer" | "reject" | "fallback";
                            /**
                             * @default [
                             *       50,
                             *       80,
                             *       95,
                             *       100
                             *     ]
                             */
                            alertPercents: number[];
                            /** @enum {string} */
                            origin: "api" | "configuration";
                            /** @description null: since ever */
                            windowStart: string | null;
                            /** @description null: never */
                            windowEnd: string | null;
                            /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                            heldNanoUsd: string;
                            /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                            spentNanoUsd: string;
                            /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                            leftNanoUsd: string;
                            /** @description jobs that wait for money of this budget */
                            waitingJobs: number;
                            /** @description what those need */
                            waitingNanoUsd: string;
                        };
                    };
                };
            };
        };
        post?: never;
        /**
         * Remove a budget
         * @description What was spent stays in the books; jobs that wait for it go on.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description * for all tenants together */
                    tenantId: string | "*";
                    budgetId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description removed */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Alerts, newest first
         * @description Of your tenant and of what all tenants share; with an admin key those of all tenants, or of one and of what all share.
         */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                    /** @description only those that last and are not over */
                    open?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            alerts: {
                                /** Format: uuid */
                                alertId: string;
                                /** Format: date-time */
                                at: string;
                                /** @description * for what all tenants share */
                                tenantId: string;
                                /** @enum {string} */
                                kind: "budget_threshold" | "budget_exhausted" | "call_overrun" | "call_in_doubt" | "call_stuck" | "provider_stopped" | "vector_drift" | "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full";
                                /** @enum {string} */
                                severity: "warning" | "critical";
                                subject: string;
                                details: {
                                    [key: string]: components["schemas"]["Json"];
                                };
                                /** @description false: told once, for a moment */
                                lasts: boolean;
                                /** @description when it was over; null while it lasts, and for a moment */
                                recoveredAt: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alert-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules: what they look at, and when they alert */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            rules: {
                                isOn: boolean;
                                /** @description above it there is something wrong */
                                threshold: number;
                                /** @description how long it must be so before the alert is raised */
                                forSeconds: number;
                                /** @description how long it must be well before the alert is over */
                                recoverSeconds: number;
                                /** @description how long after that no other alert of the same subject is raised */
                                cooldownSeconds: number;
                                /** @enum {string} */
                                ruleId: "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full";
                                /** @description of the threshold; null: the rule has none */
                                unit: ("seconds" | "percent") | null;
                                about: string;
                                isDefault: boolean;
                                /** @description alerts that last now */
                                lasting: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alert-rules/{ruleId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a rule
         * @description What is left out stays as it is. Takes effect within five seconds, in all processes. Needs an admin key.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    ruleId: "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full";
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        isOn?: boolean;
                        /** @description above it there is something wrong */
                        threshold?: number;
                        /** @description how long it must be so before the alert is raised */
                        forSeconds?: number;
                        /** @description how long it must be well before the alert is over */
                        recoverSeconds?: number;
                        /** @description how long after that no other alert of the same subject is raised */
                        cooldownSeconds?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            rules: {
                                isOn: boolean;
                                /** @description above it there is something wrong */
                                threshold: number;
                                /** @description how long it must be so before the alert is raised */
                                forSeconds: number;
                                /** @description how long it must be well before the alert is over */
                                recoverSeconds: number;
                                /** @description how long after that no other alert of the same subject is raised */
                                cooldownSeconds: number;
                                /** @enum {string} */
                                ruleId: "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full";
                                /** @description of the threshold; null: the rule has none */
                                unit: ("seconds" | "percent") | null;
                                about: string;
                                isDefault: boolean;
                                /** @description alerts that last now */
                                lasting: number;
                            }[];
                        };
                    };
                };
            };
        };
        post?: never;
        /** Set a rule back to its defaults */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    ruleId: "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full";
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            rules: {
                                isOn: boolean;
                                /** @description above it there is something wrong */
                                threshold: number;
                                /** @description how long it must be so before the alert is raised */
                                forSeconds: number;
                                /** @description how long it must be well before the alert is over */
                                recoverSeconds: number;
                                /** @description how long after that no other alert of the same subject is raised */
                                cooldownSeconds: number;
                                /** @enum {string} */
                                ruleId: "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full";
                                /** @description of the threshold; null: the rule has none */
                                unit: ("seconds" | "percent") | null;
                                about: string;
                                isDefault: boolean;
                                /** @description alerts that last now */
                                lasting: number;
                            }[];
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alert-receivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom alerts are told */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            receivers: {
                                name: string;
                                /**
                                 * @description null: all kinds
                                 * @default null
                                 */
                                alertKinds: ("budget_threshold" | "budget_exhausted" | "call_overrun" | "call_in_doubt" | "call_stuck" | "provider_stopped" | "vector_drift" | "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full")[] | null;
                                /** Format: uuid */
                                receiverId: string;
                                tenantId: string;
                                /** @enum {string} */
                                kind: "webhook" | "slack" | "email";
                                /** @description of a Slack channel its host alone: the rest is a secret */
                                address: string;
                                isOn: boolean;
                                /** @description why it was switched off by itself */
                                offReason: string | null;
                                /** Format: date-time */
                                createdAt: string;
                                /** @description deliveries that are still tried */
                                pending: number;
                                /** @description deliveries that were given up */
                                dead: number;
                            }[];
                            /** @description whether a mail server is configured */
                            canMail: boolean;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Tell alerts to somebody else too
         * @description A webhook that is signed as Standard Webhooks says, a Slack channel or what takes its messages, or a mail address. The secret of a webhook is shown once, here.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        /**
                         * @description null: all kinds
                         * @default null
                         */
                        alertKinds?: ("budget_threshold" | "budget_exhausted" | "call_overrun" | "call_in_doubt" | "call_stuck" | "provider_stopped" | "vector_drift" | "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full")[] | null;
                        /**
                         * @description whose alerts; * for those of all tenants
                         * @default *
                         */
                        tenantId?: string | "*";
                        /** @enum {string} */
                        kind: "webhook" | "slack" | "email";
                        /** @description https address of a webhook or of a Slack channel, or a mail address */
                        address: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            /**
                             * @description null: all kinds
                             * @default null
                             */
                            alertKinds: ("budget_threshold" | "budget_exhausted" | "call_overrun" | "call_in_doubt" | "call_stuck" | "provider_stopped" | "vector_drift" | "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full")[] | null;
                            /** Format: uuid */
                            receiverId: string;
                            tenantId: string;
                            /** @enum {string} */
                            kind: "webhook" | "slack" | "email";
                            /** @description of a Slack channel its host alone: the rest is a secret */
                            address: string;
                            isOn: boolean;
                            /** @description why it was switched off by itself */
                            offReason: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** @description deliveries that are still tried */
                            pending: number;
                            /** @description deliveries that were given up */
                            dead: number;
                            /** @description what webhooks are signed with, as Standard Webhooks writes it: whsec_… */
                            secret: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alert-receivers/{receiverId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Tell somebody no more alerts
         * @description What it was still to be told is forgotten.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    receiverId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            receivers: {
                                name: string;
                                /**
                                 * @description null: all kinds
                                 * @default null
                                 */
                                alertKinds: ("budget_threshold" | "budget_exhausted" | "call_overrun" | "call_in_doubt" | "call_stuck" | "provider_stopped" | "vector_drift" | "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full")[] | null;
                                /** Format: uuid */
                                receiverId: string;
                                tenantId: string;
                                /** @enum {string} */
                                kind: "webhook" | "slack" | "email";
                                /** @description of a Slack channel its host alone: the rest is a secret */
                                address: string;
                                isOn: boolean;
                                /** @description why it was switched off by itself */
                                offReason: string | null;
                                /** Format: date-time */
                                createdAt: string;
                                /** @description deliveries that are still tried */
                                pending: number;
                                /** @description deliveries that were given up */
                                dead: number;
                            }[];
                            /** @description whether a mail server is configured */
                            canMail: boolean;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Rename a receiver, choose its alerts, switch it on or off */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    receiverId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        /**
                         * @description null: all kinds
                         * @default null
                         */
                        alertKinds?: ("budget_threshold" | "budget_exhausted" | "call_overrun" | "call_in_doubt" | "call_stuck" | "provider_stopped" | "vector_drift" | "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full")[] | null;
                        isOn?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            receivers: {
                                name: string;
                                /**
                                 * @description null: all kinds
                                 * @default null
                                 */
                                alertKinds: ("budget_threshold" | "budget_exhausted" | "call_overrun" | "call_in_doubt" | "call_stuck" | "provider_stopped" | "vector_drift" | "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full")[] | null;
                                /** Format: uuid */
                                receiverId: string;
                                tenantId: string;
                                /** @enum {string} */
                                kind: "webhook" | "slack" | "email";
                                /** @description of a Slack channel its host alone: the rest is a secret */
                                address: string;
                                isOn: boolean;
                                /** @description why it was switched off by itself */
                                offReason: string | null;
                                /** Format: date-time */
                                createdAt: string;
                                /** @description deliveries that are still tried */
                                pending: number;
                                /** @description deliveries that were given up */
                                dead: number;
                            }[];
                            /** @description whether a mail server is configured */
                            canMail: boolean;
                        };
                    };
                };
            };
        };
        trace?: never;
    };
    "/v1/alert-receivers/{receiverId}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook a new secret
         * @description For a day deliveries carry the signatures of both, the new one first. The new one is shown once, here.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    receiverId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            /**
                             * @description null: all kinds
                             * @default null
                             */
                            alertKinds: ("budget_threshold" | "budget_exhausted" | "call_overrun" | "call_in_doubt" | "call_stuck" | "provider_stopped" | "vector_drift" | "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full")[] | null;
                            /** Format: uuid */
                            receiverId: string;
                            tenantId: string;
                            /** @enum {string} */
                            kind: "webhook" | "slack" | "email";
                            /** @description of a Slack channel its host alone: the rest is a secret */
                            address: string;
                            isOn: boolean;
                            /** @description why it was switched off by itself */
                            offReason: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            /** @description deliveries that are still tried */
                            pending: number;
                            /** @description deliveries that were given up */
                            dead: number;
                            /** @description what webhooks are signed with, as Standard Webhooks writes it: whsec_… */
                            secret: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alert-receivers/{receiverId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test now, and say what came of it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    receiverId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ok: boolean;
                            /** @description what an HTTP server answered with */
                            status: number | null;
                            failure: string | null;
                            milliseconds: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alert-deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of telling alerts, newest first */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    cursor?: string;
                    state?: "pending" | "delivered" | "dead";
                    receiverId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /**
                                 * Format: uuid
                                 * @description the `webhook-id`, with `msg_` before it: the same for each attempt
                                 */
                                deliveryId: string;
                                /** Format: uuid */
                                receiverId: string;
                                receiverName: string;
                                /** Format: uuid */
                                alertId: string;
                                /** @enum {string} */
                                kind: "budget_threshold" | "budget_exhausted" | "call_overrun" | "call_in_doubt" | "call_stuck" | "provider_stopped" | "vector_drift" | "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full";
                                subject: string;
                                /** @enum {string} */
                                event: "raised" | "recovered";
                                /** @enum {string} */
                                state: "pending" | "delivered" | "dead";
                                attempts: number;
                                /** @description when it is tried again; null: not */
                                nextAt: string | null;
                                lastStatus: number | null;
                                lastFailure: string | null;
                                /** Format: date-time */
                                createdAt: string;
                                endedAt: string | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alert-deliveries/{deliveryId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell it once more
         * @description With the same `webhook-id`, so that a receiver that has it already knows it.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    deliveryId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            replayed: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alert-receivers/{receiverId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell a receiver everything that was given up */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    receiverId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            replayed: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Paid calls in a state: in doubt, if none is given
         * @description Of your own tenant; with an admin key of all tenants, or of one.
         */
        get: {
            parameters: {
                query?: {
                    state?: "held" | "dispatched" | "settled" | "void" | "unknown";
                    limit?: number;
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description oldest first */
                            calls: {
                                tenantId: string;
                                /** Format: uuid */
                                callId: string;
                                /** @enum {string} */
                                state: "held" | "dispatched" | "settled" | "void" | "unknown";
                                /** @enum {string} */
                                service: "parse" | "embed";
                                provider: string;
                                model: string;
                                simulated: boolean;
                                /** @description pages or tokens, as quoted */
                                units: string;
                                /** @description the quote */
                                heldNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                heldShadowNanoUsd: string;
                                /** Format: date-time */
                                heldAt: string;
                                dispatchedAt: string | null;
                                endedAt: string | null;
                                documentIds: string[];
                                note: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls/{callId}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what became of a call in doubt
         * @description Charged: its money is spent, though its result is lost. Not charged: its money is free again. Either way the work that waits for it goes on, with a new call where the result is still missing.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    callId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        outcome: "charged" | "not_charged";
                        /** @description what was charged; the whole quote if not given */
                        costNanoUsd?: string & (unknown & unknown);
                        /** @description how that is known; it stays in the books */
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description resolved */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/quotes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What bringing a file in would cost
         * @description multipart/form-data as for an upload. The file is read and chunked here, for nothing; nothing is kept, and nothing is sent to a paid provider. What is there already costs nothing.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            fileName: string;
                            /** @enum {string} */
                            fileType: "pdf" | "docx" | "pptx" | "xlsx" | "html" | "markdown" | "text" | "csv";
                            byteCount: number;
                            /** @description the document of the same bytes, if you have it: it costs nothing */
                            documentId: string | null;
                            pages: number;
                            chunks: number;
                            parse: {
                                /** @description pages or tokens that have to be bought */
                                units: {
                                    best: number;
                                    worst: number;
                                };
                                real: {
                                    /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                    best: string;
                                    /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                    worst: string;
                                };
                                shadow: {
                                    /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                    best: string;
                                    /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                    worst: string;
                                };
                                known: {
                                    units: number;
                                    /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                    realNanoUsd: string;
                                    /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                    shadowNanoUsd: string;
                                };
                            };
                            embed: {
                                /** @description pages or tokens that have to be bought */
                                units: {
                                    best: number;
                                    worst: number;
                                };
                                real: {
                                    /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                    best: string;
                                    /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                    worst: string;
                                };
                                shadow: {
                                    /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                    best: string;
                                    /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                    worst: string;
                                };
                                known: {
                                    units: number;
                                    /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                    realNanoUsd: string;
                                    /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                    shadowNanoUsd: string;
                                };
                            };
                            /** @description false: another parser will read the file, so its text can be longer or shorter */
                            exact: boolean;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/quotes/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hold the money of an ingest before it begins, all of it or none
         * @description Uploads that name the `quoteId` use it. What is left comes free when their jobs have ended, or after a day.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        parse: {
                            units: number;
                            /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                            realNanoUsd: string;
                            /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                            shadowNanoUsd: string;
                        };
                        embed: {
                            units: number;
                            /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                            realNanoUsd: string;
                            /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                            shadowNanoUsd: string;
                        };
                        /** @default [] */
                        tags?: string[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            quoteId: string;
                            /** Format: date-time */
                            expiresAt: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/quotes/holds/{quoteId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Give back what a held quote has not used */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    quoteId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description released */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/costs/reconcile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare the books with what the providers report
         * @description By UTC day, provider, operation and model. With `book` the differences of days whose reports are final are booked as adjustments, each once. Needs an admin key, and the keys of the providers’ reports (OPENAI_ADMIN_KEY, LLAMA_CLOUD_API_KEY).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * Format: date
                         * @description first UTC day; 30 days ago if not given
                         */
                        from?: string;
                        /**
                         * Format: date
                         * @description last UTC day; today if not given
                         */
                        to?: string;
                        /**
                         * @description book the adjustments; else they are only shown
                         * @default false
                         */
                        book?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date */
                            from: string;
                            /** Format: date */
                            to: string;
                            /** @description those that were asked; none: no key for reports is configured */
                            providers: string[];
                            /** @description how many adjustments were booked */
                            booked: number;
                            rows: {
                                /** Format: date */
                                day: string;
                                provider: string;
                                /** @enum {string} */
                                operation: "parse" | "embed";
                                /** @description null: the provider does not name it, and all models are one row */
                                model: string | null;
                                ours: {
                                    units: string;
                                    costNanoUsd: string | null;
                                    calls: number;
                                };
                                /** @description null: they report nothing */
                                theirs: {
                                    units: string;
                                    costNanoUsd: string | null;
                                    calls: number;
                                } | null;
                                /** @description adjustments that were booked before */
                                bookedNanoUsd: string;
                                /** @description theirs − ours − booked; null where they say nothing of money */
                                driftNanoUsd: string | null;
                                /** @description drift in parts per million of ours */
                                driftPpm: string | null;
                                /** @enum {string} */
                                verdict: "equal" | "rounding" | "drift" | "not_reported" | "unknown_to_us";
                                /** @description the day is over for so long that the report on it is final */
                                settled: boolean;
                                /** @description what is booked, or would be */
                                adjustmentNanoUsd: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The price list, with sources and dates
         * @description `inForce` marks the prices of calls that are made now; others begin later, have ended, or are overridden.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            at: string;
                            prices: {
                                provider: string;
                                /** @enum {string} */
                                operation: "parse" | "embed";
                                /** @description model or tier */
                                model: string;
                                /** @enum {string} */
                                unit: "page" | "token";
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                nanoUsd: string;
                                perUnits: string;
                                /** Format: date */
                                effectiveFrom: string;
                                effectiveTo: string | null;
                                /** @description where the price was read */
                                source: string;
                                /** @enum {string} */
                                origin: "built-in" | "file";
                                inForce: boolean;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the API keys of all tenants */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                keyId: string;
                                tenantId: string;
                                name: string;
                                /** @enum {string} */
                                role: "member" | "admin";
                                /** Format: date-time */
                                createdAt: string;
                                revokedAt: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Create an API key for a tenant
         * @description The secret is in this answer and nowhere else: only its hash is stored.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default default */
                        tenantId?: string;
                        name: string;
                        /**
                         * @default member
                         * @enum {string}
                         */
                        role?: "member" | "admin";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            keyId: string;
                            tenantId: string;
                            name: string;
                            /** @enum {string} */
                            role: "member" | "admin";
                            /** Format: date-time */
                            createdAt: string;
                            revokedAt: string | null;
                            /** @description shown only this once */
                            secret: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{tenantId}/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description It stops working within 5 seconds.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    tenantId: string;
                    keyId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description revoked */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All tenants, by name
         * @description A tenant is there from its first key on. Needs an admin key.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description by name */
                            tenants: {
                                tenantId: string;
                                /** Format: date-time */
                                createdAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how webhooks are received
         * @description The address, the number of secrets, the last event, and what was refused. Needs an admin key.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            provider: string;
                            /** @description where the provider sends to; null without SLUICE_PUBLIC_URL */
                            url: string | null;
                            secretCount: number;
                            lastEvent: {
                                eventType: string;
                                /** Format: date-time */
                                receivedAt: string;
                            } | null;
                            /** @description in the last 24 hours, by reason */
                            refused: {
                                /** @enum {string} */
                                reason: "unsigned" | "badly_signed" | "malformed" | "too_large" | "off";
                                count: number;
                                /** Format: date-time */
                                lastAt: string;
                                /** @description of the last one; of a proxy, if there is one */
                                lastAddress: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a signed sample to the public address and see whether it comes here
         * @description The sample is of type `sluice.test` and about no job. Needs an admin key.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            url: string;
                            /** @description what was answered there; null: nothing */
                            status: number | null;
                            /** @description until the answer */
                            milliseconds: number;
                            /** @description whether the sample came here within 5 seconds */
                            arrived: boolean;
                            /** @description why there was no answer */
                            failure: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/caller": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom your key stands for */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            tenantId: string;
                            /** @enum {string} */
                            role: "member" | "admin";
                            /** @description null: a key that lives as long as the server process */
                            keyId: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a tenant has, what is at work and waits, and what ended in a span of time */
        get: {
            parameters: {
                query: {
                    /** @description the first moment */
                    from: string;
                    /** @description the first moment after */
                    to: string;
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description all of your documents */
                            documents: number;
                            /** @description whose live version stands in for something better */
                            provisionalDocuments: number;
                            unfinished: {
                                /** @enum {string} */
                                stage: "parse" | "chunk" | "embed" | "publish";
                                /** @enum {string} */
                                state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                                jobs: number;
                            }[];
                            /** @description since when the job that waits longest for a worker waits */
                            oldestQueuedAt: string | null;
                            /** @description jobs, in the span */
                            ended: {
                                succeeded: number;
                                failed: number;
                                cancelled: number;
                            };
                            bucketSeconds: number;
                            /** @description every one of the span, oldest first */
                            buckets: {
                                /** Format: date-time */
                                start: string;
                                succeeded: number;
                                failed: number;
                                /** @description from upload to end, of those that succeeded */
                                medianSeconds: number | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Jobs that failed, or failed and try again, grouped by code and cause
         * @description Those that changed last in the span. A job that succeeded in the end is not among them.
         */
        get: {
            parameters: {
                query: {
                    /** @description the first moment */
                    from: string;
                    /** @description the first moment after */
                    to: string;
                    /** @description with an admin key: another tenant; else your own */
                    tenant?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description the latest first */
                            failures: {
                                code: string;
                                cause: string | null;
                                /** @description of the last one */
                                message: string;
                                /** @description what to do */
                                action: string;
                                stages: ("parse" | "chunk" | "embed" | "publish")[];
                                failedJobs: number;
                                retryingJobs: number;
                                /** Format: date-time */
                                firstAt: string;
                                /** Format: date-time */
                                lastAt: string;
                                /** @description at most ten, newest first */
                                documents: {
                                    /** Format: uuid */
                                    documentId: string;
                                    /** Format: uuid */
                                    jobId: string;
                                    fileName: string;
                                }[];
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what happens, as it happens
         * @description Server-sent events without an end: states of jobs, decisions, entries of the books, alerts, changes. Each has an `id` to go on behind, with the header Last-Event-ID or `after`. An event `position` says that all before it has been told; `reset`, that something cannot be told any more and what is shown has to be loaded again. Of your tenant; with an admin key also of what all share.
         */
        get: {
            parameters: {
                query?: {
                    /** @description one or several of job, document, decision, ledger, alert, delivery, audit, provider, budget, reembedding, separated by commas; all if not given */
                    kinds?: string;
                    /** @description the last `id` that was read: the stream goes on behind it; the header Last-Event-ID goes before it */
                    after?: string;
                    /** @description with an admin key: another tenant, or * for all; else your own */
                    tenant?: string | "*";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description a stream; the schema is that of the `data` of its events */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": ({
                            /** @description names the event; to go on behind it, give back the `id` of the stream */
                            eventId: string;
                            /** Format: date-time */
                            at: string;
                            /** @description * for what all tenants share */
                            tenantId: string;
                            /** @enum {string} */
                            kind: "job";
                            jobId: string | null;
                            documentId: string | null;
                            callId: string | null;
                            data: {
                                /** Format: uuid */
                                versionId: string;
                                /** @enum {string} */
                                stage: "parse" | "chunk" | "embed" | "publish";
                                /** @enum {string} */
                                state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                                /** @description a word of docs/state-machine.md */
                                reason: string;
                                /** @description goes up with each attempt */
                                token: number;
                                errorCode: string | null;
                                wakeAt: string | null;
                                deferralReason: string | null;
                                /** @description the budget that it waits for */
                                budgetId: string | null;
                            };
                        } | {
                            /** @description names the event; to go on behind it, give back the `id` of the stream */
                            eventId: string;
                            /** Format: date-time */
                            at: string;
                            /** @description * for what all tenants share */
                            tenantId: string;
                            /** @enum {string} */
                            kind: "document";
                            jobId: string | null;
                            documentId: string | null;
                            callId: string | null;
                            data: {
                                /**
                                 * @description `live`: another version of it is searched now
                                 * @enum {string}
                                 */
                                change: "created" | "live" | "deleted";
                                liveVersionId: string | null;
                            };
                        } | {
                            /** @description names the event; to go on behind it, give back the `id` of the stream */
                            eventId: string;
                            /** Format: date-time */
                            at: string;
                            /** @description * for what all tenants share */
                            tenantId: string;
                            /** @enum {string} */
                            kind: "decision";
                            jobId: string | null;
                            documentId: string | null;
                            callId: string | null;
                            data: {
                                /** Format: uuid */
                                decisionId: string;
                                /** @enum {string} */
                                service: "parse" | "embed";
                                /** @enum {string} */
                                outcome: "call" | "wait" | "refuse";
                                provider: string | null;
                                model: string | null;
                                /** @enum {string} */
                                mode: "local" | "mock" | "real" | "hybrid";
                                policy: string | null;
                                provisional: boolean;
                                until: string | null;
                            };
                        } | {
                            /** @description names the event; to go on behind it, give back the `id` of the stream */
                            eventId: string;
                            /** Format: date-time */
                            at: string;
                            /** @description * for what all tenants share */
                            tenantId: string;
                            /** @enum {string} */
                            kind: "ledger";
                            jobId: string | null;
                            documentId: string | null;
                            callId: string | null;
                            data: {
                                /** Format: uuid */
                                entryId: string;
                                /** @enum {string} */
                                entry: "hold" | "release" | "settlement" | "overrun" | "adjustment" | "avoided";
                                /** @enum {string} */
                                service: "parse" | "embed";
                                provider: string;
                                model: string;
                                simulated: boolean;
                                purpose: string;
                                units: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                costNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                shadowNanoUsd: string;
                                /** @description below 0 where a hold ends: what is held is the sum */
                                heldNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                heldShadowNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                avoidedNanoUsd: string;
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                avoidedShadowNanoUsd: string;
                            };
                        } | {
                            /** @description names the event; to go on behind it, give back the `id` of the stream */
                            eventId: string;
                            /** Format: date-time */
                            at: string;
                            /** @description * for what all tenants share */
                            tenantId: string;
                            /** @enum {string} */
                            kind: "alert";
                            jobId: string | null;
                            documentId: string | null;
                            callId: string | null;
                            data: {
                                /** Format: uuid */
                                alertId: string;
                                /** @enum {string} */
                                change: "raised" | "recovered";
                                /** @enum {string} */
                                alert: "budget_threshold" | "budget_exhausted" | "call_overrun" | "call_in_doubt" | "call_stuck" | "provider_stopped" | "vector_drift" | "queue_age" | "error_rate" | "breaker_open" | "forecast_above_cap" | "webhook_silence" | "cost_drift" | "disk_full";
                                subject: string;
                                details: {
                                    [key: string]: components["schemas"]["Json"];
                                };
                            };
                        } | {
                            /** @description names the event; to go on behind it, give back the `id` of the stream */
                            eventId: string;
                            /** Format: date-time */
                            at: string;
                            /** @description * for what all tenants share */
                            tenantId: string;
                            /** @enum {string} */
                            kind: "delivery";
                            jobId: string | null;
                            documentId: string | null;
                            callId: string | null;
                            data: {
                                /** Format: uuid */
                                deliveryId: string;
                                /** Format: uuid */
                                receiverId: string;
                                /** Format: uuid */
                                alertId: string;
                                /** @enum {string} */
                                event: "raised" | "recovered";
                                /** @enum {string} */
                                state: "pending" | "delivered" | "dead";
                                attempts: number;
                            };
                        } | {
                            /** @description names the event; to go on behind it, give back the `id` of the stream */
                            eventId: string;
                            /** Format: date-time */
                            at: string;
                            /** @description * for what all tenants share */
                            tenantId: string;
                            /** @enum {string} */
                            kind: "audit";
                            jobId: string | null;
                            documentId: string | null;
                            callId: string | null;
                            data: {
                                actor: string;
                                action: string;
                                subject: string;
                                details: {
                                    [key: string]: components["schemas"]["Json"];
                                };
                            };
                        } | {
                            /** @description names the event; to go on behind it, give back the `id` of the stream */
                            eventId: string;
                            /** Format: date-time */
                            at: string;
                            /** @description * for what all tenants share */
                            tenantId: string;
                            /** @enum {string} */
                            kind: "provider";
                            jobId: string | null;
                            documentId: string | null;
                            callId: string | null;
                            data: {
                                provider: string;
                                /** @enum {string} */
                                state: "closed" | "open" | "half_open";
                                retryAt: string | null;
                                reason: string | null;
                            };
                        } | {
                            /** @description names the event; to go on behind it, give back the `id` of the stream */
                            eventId: string;
                            /** Format: date-time */
                            at: string;
                            /** @description * for what all tenants share */
                            tenantId: string;
                            /** @enum {string} */
                            kind: "budget";
                            jobId: string | null;
                            documentId: string | null;
                            callId: string | null;
                            data: {
                                /** @default null */
                                service: ("parse" | "embed") | null;
                                /** @default null */
                                provider: string | null;
                                /** @default null */
                                apiKeyId: string | null;
                                /** @default null */
                                tag: string | null;
                                budgetId: string;
                                /**
                                 * @description shadow: what the real providers would have charged, so that mock mode rehearses the budget
                                 * @default real
                                 * @enum {string}
                                 */
                                money: "real" | "shadow";
                                /** @description integer nano-dollars (1 USD = 1,000,000,000) as a string */
                                capNanoUsd: string & (unknown & unknown);
                                /** @enum {string} */
                                period: "hour" | "day" | "week" | "month" | "total";
                                /**
                                 * @description where hours, days, weeks (from Monday) and months begin
                                 * @default UTC
                                 */
                                timeZone: string;
                                /**
                                 * @description what becomes of work that does not fit: it waits, fails, or goes to a free provider where the router has one
                                 * @default defer
                                 * @enum {string}
                                 */
                                policy: "defer" | "reject" | "fallback";
                                /**
                                 * @default [
                                 *       50,
                                 *       80,
                                 *       95,
                                 *       100
                                 *     ]
                                 */
                                alertPercents: number[];
                                /** @enum {string} */
                                change: "set" | "removed";
                            };
                        } | {
                            /** @description names the event; to go on behind it, give back the `id` of the stream */
                            eventId: string;
                            /** Format: date-time */
                            at: string;
                            /** @description * for what all tenants share */
                            tenantId: string;
                            /** @enum {string} */
                            kind: "reembedding";
                            jobId: string | null;
                            documentId: string | null;
                            callId: string | null;
                            data: {
                                /** Format: uuid */
                                reembeddingId: string;
                                /** @enum {string} */
                                state: "running" | "succeeded" | "failed" | "cancelled";
                                spaceId: string;
                                errorCode: string | null;
                            };
                        }) | {
                            /** @enum {string} */
                            reason: "forgotten" | "unknown";
                            message: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/doctor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Settings (secrets hidden), checks and work at hand */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: string;
                            node: string;
                            pid: number;
                            /** Format: date-time */
                            startedAt: string;
                            settings: {
                                name: string;
                                value: string;
                                /** @enum {string} */
                                source: "environment" | "default";
                            }[];
                            checks: {
                                name: string;
                                ok: boolean;
                                detail: string;
                            }[];
                            services: {
                                /** @enum {string} */
                                service: "parse" | "embed";
                                /** @enum {string} */
                                mode: "local" | "mock" | "real" | "hybrid";
                                providers: string[];
                            }[];
                            space: {
                                provider: string;
                                model: string;
                                dimensions: number;
                                /** @description version of text preprocessing and model snapshot */
                                revision: string;
                                simulated: boolean;
                            };
                            jobs: {
                                /** @enum {string} */
                                stage: "parse" | "chunk" | "embed" | "publish";
                                /** @enum {string} */
                                state: "queued" | "running" | "waiting" | "deferred" | "retrying" | "succeeded" | "failed" | "cancelled";
                                count: number;
                            }[];
                            /** @description all that work on this database, the oldest first */
                            processes: {
                                host: string;
                                pid: number;
                                /** Format: date-time */
                                startedAt: string;
                                /** @description null: not told yet, within seconds of its start */
                                memoryBytes: number | null;
                                diskFreeBytes: number | null;
                                diskSizeBytes: number | null;
                                runningJobs: number;
                            }[];
                            /** @description the size of the database on its disk */
                            databaseBytes: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description any JSON value */
        Json: unknown;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
