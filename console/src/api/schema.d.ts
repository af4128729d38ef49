// Written by `npm run types -w console` from the OpenAPI document. Do not edit.

export interface paths {
    "/v1/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the activity of several webhooks
         * @description The results of the deliveries of the last day, by hours, for a list of webhooks: from the newest 250 records of each. GET /v1/webhooks/{webhook_id}/health reads more of one webhook. An id without records, also one that does not exist, has figures of 0. Tests and challenges do not count.
         */
        get: operations["getActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List event types
         * @description All types that a webhook can subscribe to, with a JSON Schema and an example of `data`. There is one page only.
         */
        get: operations["listEventTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{event_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an event and its deliveries
         * @description Returns the event as it is sent, the state of its delivery to each webhook that it matched, and why it did not match the others. 404 for an event that is not dispatched yet, that was published for an account without any webhook, or that has expired.
         */
        get: operations["getEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listeners": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a listener
         * @description A listener receives events without a URL: a program on a developer’s machine polls for them. Each event that it subscribes to is stored for it for an hour. It expires two minutes after the last poll, at the latest; an account has at most 5 at a time. It changes nothing for webhooks. System events are published only while a webhook of the account subscribes to them. For development: there are no retries, and no more than 25 events a second are stored for a listener by one execution environment.
         */
        post: operations["createListener"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listeners/{listener_id}": {
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
         * Delete a listener
         * @description Ends it at once. Its deliveries cannot be read any more; they are deleted within some days.
         */
        delete: operations["deleteListener"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listeners/{listener_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Poll a listener
         * @description The oldest deliveries that are not confirmed: at most 25, and about 1 MB of bodies. A poll with the `cursor` of a page confirms the deliveries of that page, which are deleted; without it, they are listed again. Poll every 2 seconds, and again at once after a page with deliveries. A delivery is listed at least once: remember the ids. After one hour it is deleted.
         */
        get: operations["pollListener"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get this document
         * @description Needs no API key.
         */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recoveries/{recovery_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a recovery
         * @description Shows the progress of a recovery. It is kept as long as a delivery.
         */
        get: operations["getRecovery"];
        put?: never;
        post?: never;
        /**
         * Stop a recovery
         * @description Stops a recovery that runs; one that has ended is not changed. New deliveries that are queued already, those of about 20 seconds, are still sent. The others stay as they are, and another recovery repeats them.
         */
        delete: operations["stopRecovery"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the session of this request
         * @description Says for which account, with which right, as whom and until when the request is authenticated.
         */
        get: operations["getSession"];
        put?: never;
        post?: never;
        /**
         * End the session of this request
         * @description Its token is refused from the next request on. 400 with an API key: the operator revokes keys.
         */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a session
         * @description Exchanges the code of a link to the console, or an API key, for a token that is valid for a limited time. Needs no API key in a header. A code is valid once, and for 5 minutes, or for an hour when the link was made by a command. The account, the right, the actor and the time of validity, at most 24 hours, are those of the link. With an API key: its account, all calls, its name, one hour; the session ends with the key.
         */
        post: operations["createSession"];
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
         * List webhooks
         * @description The webhooks of the account in pages. With a filter, a page can have fewer entries than `limit`, or none, while `next_cursor` is present: only a `next_cursor` of null is the end of the list. In the order of attention, a webhook whose state changes between two pages can be on both or on none.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Create a webhook
         * @description The webhook is `pending` until its URL answers a challenge: a POST with `{"type":"webhook.verification","data":{"challenge":"…"}}`, signed with the secret of the webhook. The endpoint must answer it with status 200 and `{"challenge":"…"}`, the same text. The challenge is sent at once. An endpoint that verifies signatures must know the secret before: choose one and send it as `secret`, or configure the generated one from the response and then call POST /v1/webhooks/{webhook_id}/verify. With `dry_run` the input is checked, and nothing is created, sent or counted; the limits of the account are not checked.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a webhook
         * @description Returns its current state. With the ETag of an earlier answer in `If-None-Match`, the answer is 304 when nothing has changed except the marks of the service (`slow_since`, `exhausted_in_row`, `failing_since`, `warned_at`) and `updated_at`.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description Deliveries that are still queued for it end as `canceled`; first attempts of the last 2 seconds, and attempts in progress, may still arrive.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description Changes the given fields, all or none. `null` removes the description, the headers and the rule of success; for the other fields it has no effect, like leaving the field out. `headers` replaces all headers that the webhook has. A new URL is shown as `pending_url` and is sent a challenge; the current URL stays in use until the new one answers. The current URL, given again, removes the pending one. A webhook that was never verified gets the new URL at once and is sent a challenge there. Queued deliveries of event types that `events` no longer contains end as `canceled`, and those of a disabled webhook as `held`; first attempts of the last 2 seconds, and attempts in progress, may still arrive.
         */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries of a webhook
         * @description The delivery log, newest first: by the time at which the event was accepted, or the resend was requested. A delivery is listed from its first recorded result on. One call examines at most 1,000 records. With a filter, a page may therefore have fewer entries than `limit`, or none, and still have a `next_cursor`: the list ends with the page whose `next_cursor` is null. The log of a deleted webhook can be read until it expires.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a delivery
         * @description Returns its state, every recorded attempt, and the request as it was sent. 404 before its first result is recorded (GET /v1/events/{event_id} shows it as `queued`) and after it has expired.
         */
        get: operations["getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery again
         * @description Makes a new delivery of the same event to the same webhook, at its current URL. The status of the delivery does not matter, and each request makes another one. The new delivery names this one as `resend_of`. 409 for a webhook that is not active or no longer subscribes to the type, and for the delivery of a challenge; 410 when the event has expired. A body is ignored.
         */
        post: operations["resendDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the health of a webhook
         * @description The success rate and the response times of the last hour and the last day, each hour of the day with its failures by class, the last success and the last failure, and how close the webhook is to being disabled. Computed from the newest 2,000 deliveries; tests and challenges do not count.
         */
        get: operations["getWebhookHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Repeat held and exhausted deliveries
         * @description Repeats the deliveries of a period, oldest first, in the background: each as a new delivery of the same event, to the current URL. A delivery that was repeated before is not repeated again. New events are not delayed. `dry_run` only counts. 409 for a webhook that is not active, except for a dry run.
         */
        post: operations["recoverDeliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/recoveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the recoveries of a webhook
         * @description Those of this webhook among the newest 250 recoveries of the account, the newest first. The ones that run have the status `running`.
         */
        get: operations["listRecoveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/secret/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the signing secret
         * @description From now on every request is signed with the new secret first. During the grace time the replaced secret signs, too: `webhook-signature` has one signature for each, and `X-Webhook-Signature-Previous` is the counterpart of `X-Webhook-Signature`. Retries of deliveries that are queued already are signed anew. Give the new secret to your endpoint within the grace time. At most 5 secrets sign at the same time; 409 when more would. A secret that cannot be decrypted any more is replaced without a grace time.
         */
        post: operations["rotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event
         * @description Sends the catalogue's example of a type to this webhook only, also when the webhook does not subscribe to that type. The request has the header `X-Webhook-Test: true`. 409 for a webhook that is not active.
         */
        post: operations["testWebhookByPath"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the challenge again
         * @description Sends a new challenge to `pending_url`, or to a `url` that is not verified yet. From then on an answer to the previous challenge has no effect. 409 for a webhook with nothing to verify. A body is ignored.
         */
        post: operations["verifyWebhook"];
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
         * Send a test event to the webhook that the body names
         * @description Sends the catalogue's example of a type to this webhook only, also when the webhook does not subscribe to that type. The request has the header `X-Webhook-Test: true`. 409 for a webhook that is not active. The same as POST /v1/webhooks/{webhook_id}/test.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "webhook.verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * webhook.verification
         * @description A challenge, sent to a new URL. It is signed like an event: verify the signature with the secret of the webhook first. An endpoint that does not know the secret yet cannot answer: configure the secret, then call POST /v1/webhooks/{webhook_id}/verify. A challenge without a valid answer is sent again, like an event.
         */
        post: operations["receive.webhook.verification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        Activity: {
            /**
             * Format: date-time
             * @description When the records were read.
             * @example 2026-01-15T10:30:00.000Z
             */
            as_of: string;
            /** @description In the order of the request. */
            data: {
                /** @description False: the last day has more than the newest 250 records, and `since` is the time of the oldest one that was read. */
                complete: boolean;
                /** @description Hours, UTC, the oldest first: from the hour of `since` to the current one, at most 25. The first and the last are parts of an hour. */
                hours: {
                    delivered: number;
                    exhausted: number;
                    /** @description Failed attempts of all these deliveries by class, those with at least one. */
                    failed_attempts: {
                        [key: string]: number;
                    };
                    /** @description Held and not repeated: POST …/recover sends them. */
                    held: number;
                    retrying: number;
                    /**
                     * Format: date-time
                     * @description The beginning of the hour.
                     * @example 2026-01-15T10:30:00.000Z
                     */
                    start: string;
                }[];
                /**
                 * Format: date-time
                 * @description The deliveries of events that were accepted from then on.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                since: string;
                /** @example wh_01kf0r7a0zt5t1tpsvh3m0xa */
                webhook_id: string;
            }[];
        };
        Challenge: {
            data: {
                /** @example uXkR3vT9bQ2mW7yZ4nC6pL8sD1fG5hJ0 */
                challenge: string;
            };
            /** @constant */
            type: "webhook.verification";
        };
        /** @description The challenge of the request, unchanged. */
        ChallengeAnswer: {
            /** @example uXkR3vT9bQ2mW7yZ4nC6pL8sD1fG5hJ0 */
            challenge: string;
        };
        CreatedListener: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-15T10:30:00.000Z
             */
            created_at: string;
            events: string[];
            /**
             * Format: date-time
             * @description When the listener expires, unless it is polled before.
             * @example 2026-01-15T10:30:00.000Z
             */
            expires_at: string;
            /** @example lsn_01kf0r7a0z9k3m5p7r1t2v4x */
            id: string;
            /**
             * @description Signs the deliveries. No other response contains it. Absent in the answer to a repeated request with an Idempotency-Key.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret?: string;
        };
        CreatedSession: {
            /** @example acct_1 */
            account_id: string;
            /**
             * @description Who acts, as the audit log names it: the person, or the name of the API key.
             * @example ann@example.com
             */
            actor: string;
            /** @description Null for an API key that does not expire. */
            expires_at: string | null;
            /**
             * @description Of the session or the API key. It is no secret.
             * @example ses_01kf0r7a0z4b8n2c6x9w3t5v
             */
            id: string;
            /**
             * @description Whether a session or an API key authenticated the request.
             * @enum {string}
             */
            kind: "session" | "api_key";
            /**
             * @description The operator's page that makes another link, or null.
             * @example https://app.example.com/webhooks
             */
            return_url: string | null;
            /**
             * @description `read`: calls that change or send something are refused with 403; `write`: all calls.
             * @enum {string}
             */
            right: "read" | "write";
            /**
             * @description For the header `Authorization: Bearer …`. No other response contains it.
             * @example whs_01kf0r7a0z4b8n2c6x9w3t5vMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw.acct_1
             */
            token: string;
        };
        CreatedWebhook: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-15T10:30:00.000Z
             */
            created_at: string;
            /** @description Your own note. */
            description: string | null;
            /** @description When the service disabled it, or null. */
            disabled_at: string | null;
            /** @description Who disabled the webhook: `customer` by a change, `service` by itself. Null: not disabled. */
            disabled_by: ("customer" | "service") | null;
            /** @description Why the service disabled it, or null. */
            disabled_reason: string | null;
            /**
             * @description The event types that the webhook subscribes to: exact types, prefixes or `*`.
             * @example [
             *       "*"
             *     ]
             */
            events: string[];
            /** @description Exhausted deliveries since the last one that succeeded. */
            exhausted_in_row: number;
            /** @description When the first of these was exhausted, or null. */
            failing_since: string | null;
            /**
             * @description Names of your own headers. The values are never shown.
             * @example {
             *       "Authorization": "********"
             *     }
             */
            headers: {
                [key: string]: "********";
            };
            /** @example wh_01kf0r7a0zt5t1tpsvh3m0xa */
            id: string;
            /** @description A new URL that has not answered its challenge yet. It replaces `url` when it does. */
            pending_url: string | null;
            /** @description When the secret that the last rotation replaced stops signing, also when this is over. Null: no rotation, or one without a grace time. */
            previous_secret_expires_at: string | null;
            /**
             * @description No other response contains it. Absent in the answer to a repeated request with an Idempotency-Key.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret?: string;
            /** @description When the endpoint became slow, or null. Deliveries to a slow endpoint have their own queue. */
            slow_since: string | null;
            /**
             * @description `pending`: the challenge is not answered yet; `active`: receives events; `disabled`: receives nothing; `verification_failed`: the challenge was not answered correctly, POST …/verify sends a new one.
             * @enum {string}
             */
            status: "pending" | "active" | "disabled" | "verification_failed";
            /** @description The webhook's own rule of success, or null: the rule of this service, which is `200` unless its operator chose `2xx`. */
            success_status: ("200" | "2xx") | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-15T10:30:00.000Z
             */
            updated_at: string;
            /**
             * @description The current URL.
             * @example https://example.com/webhook
             */
            url: string;
            /** @description Why the last verification failed and what to do, or null. */
            verification_error: string | null;
            /** @description Whether `url` answered its challenge. */
            verified: boolean;
            /** @description When `webhook.warned` was due: the webhook will be disabled if it keeps failing. */
            warned_at: string | null;
        };
        CreateListener: {
            /**
             * @description Exact event types, prefixes such as `webhook.*` (any number of further segments), or `*` for every type of the catalogue. `*` does not include system events: subscribe to them by name or with `webhook.*`. At most 5 webhooks of an account may do so.
             * @example [
             *       "webhook.retry"
             *     ]
             * @example [
             *       "webhook.*",
             *       "webhook.exhausted"
             *     ]
             * @example [
             *       "*"
             *     ]
             */
            events: string[];
            secret?: string | null;
        };
        CreateSession: {
            api_key?: string | null;
            code?: string | null;
        };
        CreateWebhook: {
            description?: string | null;
            dry_run?: boolean | null;
            /**
             * @description Exact event types, prefixes such as `webhook.*` (any number of further segments), or `*` for every type of the catalogue. `*` does not include system events: subscribe to them by name or with `webhook.*`. At most 5 webhooks of an account may do so.
             * @example [
             *       "webhook.retry"
             *     ]
             * @example [
             *       "webhook.*",
             *       "webhook.exhausted"
             *     ]
             * @example [
             *       "*"
             *     ]
             */
            events: string[];
            headers?: {
                [key: string]: string;
            } | null;
            secret?: string | null;
            success_status?: ("200" | "2xx") | null;
            /**
             * Format: uri
             * @description Where events are sent: https, port 443 or 8443, a public host name. It is stored in its normal form.
             * @example https://example.com/webhook
             */
            url: string;
        };
        Delivery: {
            /**
             * Format: date-time
             * @description When the event was accepted, or when the resend was requested. Lists are in this order, and `since` and `until` compare it.
             * @example 2026-01-15T10:30:00.000Z
             */
            accepted: string;
            attempts: {
                /**
                 * Format: date-time
                 * @description When it began.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                at: string;
                /** @description From its beginning to its result, in milliseconds. */
                duration_ms: number;
                /**
                 * @description Why it failed. `http_status`: a status that is no success; `timeout`: no complete response head within 30 s; `dns_error`: the name was not resolved; `connection_error`: the connection was refused, reset or closed; `tls_error`: no trusted TLS connection; `protocol_error`: no valid HTTP response; `address_refused`: the name resolves to an address that is not public; `challenge_mismatch`: the response does not contain the challenge. Absent for a success.
                 * @enum {string}
                 */
                error?: "http_status" | "timeout" | "dns_error" | "connection_error" | "tls_error" | "protocol_error" | "address_refused" | "challenge_mismatch";
                /** @description From 1. */
                number: number;
                /** @description One line that says what happened. Absent for a success. */
                reason?: string;
                /** @description The request of this attempt; `request` of the delivery has the rest. */
                request: {
                    /** @description The headers that were sent, without `Host`, `Content-Length`, `Connection`, `traceparent` and `X-Webhook-Signature-Previous`. Signatures and the values of your own headers are replaced by `********`. The version in `User-Agent` is the current one. */
                    headers: {
                        [key: string]: string;
                    };
                };
                /** @description Absent when there was no response. */
                response?: {
                    /** @description The beginning of the response to a failed attempt: at most 1 KiB of the last attempt and 256 bytes of earlier ones. null: none was recorded. */
                    body: string | null;
                    /** @description Whether the response had more than the recorded beginning. */
                    body_truncated: boolean;
                    /** @description Some headers of a failed attempt, by lower-case name. */
                    headers: {
                        [key: string]: string;
                    };
                    /** @description The status code. */
                    status: number;
                };
                /** @description Parts of the duration in milliseconds; `first_byte_ms` is the time from the end of the request to the end of the response head. null: it did not take place (a kept connection has no DNS, connect and TLS), or was not measured. */
                timing: {
                    connect_ms: number | null;
                    dns_ms: number | null;
                    first_byte_ms: number | null;
                    tls_ms: number | null;
                };
            }[];
            /**
             * Format: date-time
             * @description When the event was accepted, or when the repeat began.
             * @example 2026-01-15T10:30:00.000Z
             */
            created: string;
            /** @example evt_2gq7c1v9x0m4ks8h6w3ytd5b */
            event_id: string;
            event_type: string;
            /** @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb */
            id: string;
            /**
             * Format: date-time
             * @description The earliest time of the next attempt. Absent when none is scheduled.
             * @example 2026-01-15T10:30:00.000Z
             */
            next_attempt_at?: string;
            /** @description Why it is `held`, `canceled`, or was given up before its last attempt. */
            reason?: string;
            /** @description What every attempt sent. Absent when no attempt is recorded. */
            request?: {
                /** @description Exactly the text that was sent and signed. */
                body: string | null;
                /** @description Why `body` is null: a `challenge` is never stored; `expired`: the event is no longer stored. Else null. */
                body_missing: ("challenge" | "expired") | null;
                /** @description True: the webhook was changed or deleted after the first attempt, or just before. `url` and the names of your own headers are then the current ones, and the request may have had others. */
                may_differ: boolean;
                /** @constant */
                method: "POST";
                /** @description Null: the webhook was deleted, or the challenge was for an earlier URL. */
                url: string | null;
            };
            /**
             * @description The delivery that this one repeats.
             * @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb
             */
            resend_of?: string;
            /**
             * @description The delivery that repeats this one; of several, the last one.
             * @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb
             */
            resent_as?: string;
            /**
             * @description `retrying`: an attempt failed and another one is scheduled; `delivered`: an attempt succeeded; `exhausted`: given up; `canceled`: the webhook was deleted or no longer subscribes to the type; `held`: the webhook is disabled or its secret cannot be opened.
             * @enum {string}
             */
            status: "retrying" | "delivered" | "exhausted" | "canceled" | "held";
            /**
             * @description What caused it: an `event`, a `test` event, a `verification`, a `resend` of one delivery, a `recovery` of many, or a `redrive` by the operator.
             * @enum {string}
             */
            trigger: "event" | "test" | "verification" | "resend" | "recovery" | "redrive";
            /** @example wh_01kf0r7a0zt5t1tpsvh3m0xa */
            webhook_id: string;
        };
        DeliveryList: {
            data: {
                /**
                 * Format: date-time
                 * @description When the event was accepted, or when the resend was requested. Lists are in this order, and `since` and `until` compare it.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                accepted: string;
                attempts: {
                    /**
                     * Format: date-time
                     * @description When it began.
                     * @example 2026-01-15T10:30:00.000Z
                     */
                    at: string;
                    /** @description From its beginning to its result, in milliseconds. */
                    duration_ms: number;
                    /**
                     * @description Why it failed. `http_status`: a status that is no success; `timeout`: no complete response head within 30 s; `dns_error`: the name was not resolved; `connection_error`: the connection was refused, reset or closed; `tls_error`: no trusted TLS connection; `protocol_error`: no valid HTTP response; `address_refused`: the name resolves to an address that is not public; `challenge_mismatch`: the response does not contain the challenge. Absent for a success.
                     * @enum {string}
                     */
                    error?: "http_status" | "timeout" | "dns_error" | "connection_error" | "tls_error" | "protocol_error" | "address_refused" | "challenge_mismatch";
                    /** @description From 1. */
                    number: number;
                    /** @description One line that says what happened. Absent for a success. */
                    reason?: string;
                    /** @description Absent when there was no response. */
                    response?: {
                        /** @description Whether the response had more than the recorded beginning. */
                        body_truncated: boolean;
                        /** @description The status code. */
                        status: number;
                    };
                    /** @description Parts of the duration in milliseconds; `first_byte_ms` is the time from the end of the request to the end of the response head. null: it did not take place (a kept connection has no DNS, connect and TLS), or was not measured. */
                    timing: {
                        connect_ms: number | null;
                        dns_ms: number | null;
                        first_byte_ms: number | null;
                        tls_ms: number | null;
                    };
                }[];
                /**
                 * Format: date-time
                 * @description When the event was accepted, or when the repeat began.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                created: string;
                /** @example evt_2gq7c1v9x0m4ks8h6w3ytd5b */
                event_id: string;
                event_type: string;
                /** @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb */
                id: string;
                /**
                 * Format: date-time
                 * @description The earliest time of the next attempt. Absent when none is scheduled.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                next_attempt_at?: string;
                /** @description Why it is `held`, `canceled`, or was given up before its last attempt. */
                reason?: string;
                /**
                 * @description The delivery that this one repeats.
                 * @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb
                 */
                resend_of?: string;
                /**
                 * @description The delivery that repeats this one; of several, the last one.
                 * @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb
                 */
                resent_as?: string;
                /**
                 * @description `retrying`: an attempt failed and another one is scheduled; `delivered`: an attempt succeeded; `exhausted`: given up; `canceled`: the webhook was deleted or no longer subscribes to the type; `held`: the webhook is disabled or its secret cannot be opened.
                 * @enum {string}
                 */
                status: "retrying" | "delivered" | "exhausted" | "canceled" | "held";
                /**
                 * @description What caused it: an `event`, a `test` event, a `verification`, a `resend` of one delivery, a `recovery` of many, or a `redrive` by the operator.
                 * @enum {string}
                 */
                trigger: "event" | "test" | "verification" | "resend" | "recovery" | "redrive";
                /** @example wh_01kf0r7a0zt5t1tpsvh3m0xa */
                webhook_id: string;
            }[];
            /** @description Send it as `cursor` for the entries just before this page, newest first as well; where none are left, the answer is the first page. Null when this page is empty. */
            newer_cursor: string | null;
            /** @description Send it as `cursor` for the next page; null on the last page. */
            next_cursor: string | null;
        };
        EventDetails: {
            /**
             * Format: date-time
             * @description When deliveries and webhooks were read.
             * @example 2026-01-15T10:30:00.000Z
             */
            as_of: string;
            /**
             * Format: date-time
             * @description RFC 3339, as the publisher gave it.
             * @example 2026-01-15T10:30:00.000Z
             */
            created: string;
            /** @description As it is sent to webhooks. */
            data: {
                [key: string]: unknown;
            };
            /** @description The delivery to each webhook that the event matched when it was dispatched. A delivery that was repeated is followed by its last repeat, which has `resend_of`. */
            deliveries: {
                /** @description The number of recorded attempts. */
                attempts: number;
                /**
                 * Format: date-time
                 * @description Absent while it is `queued`.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                created?: string;
                /** @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb */
                delivery_id: string;
                /** @description Absent when none is recorded. */
                last_attempt?: {
                    /**
                     * Format: date-time
                     * @description When it began.
                     * @example 2026-01-15T10:30:00.000Z
                     */
                    at: string;
                    /** @description From its beginning to its result, in milliseconds. */
                    duration_ms: number;
                    /**
                     * @description Why it failed. `http_status`: a status that is no success; `timeout`: no complete response head within 30 s; `dns_error`: the name was not resolved; `connection_error`: the connection was refused, reset or closed; `tls_error`: no trusted TLS connection; `protocol_error`: no valid HTTP response; `address_refused`: the name resolves to an address that is not public; `challenge_mismatch`: the response does not contain the challenge. Absent for a success.
                     * @enum {string}
                     */
                    error?: "http_status" | "timeout" | "dns_error" | "connection_error" | "tls_error" | "protocol_error" | "address_refused" | "challenge_mismatch";
                    /** @description From 1. */
                    number: number;
                    /** @description One line that says what happened. Absent for a success. */
                    reason?: string;
                    /** @description Absent when there was no response. */
                    response?: {
                        /** @description Whether the response had more than the recorded beginning. */
                        body_truncated: boolean;
                        /** @description The status code. */
                        status: number;
                    };
                    /** @description Parts of the duration in milliseconds; `first_byte_ms` is the time from the end of the request to the end of the response head. null: it did not take place (a kept connection has no DNS, connect and TLS), or was not measured. */
                    timing: {
                        connect_ms: number | null;
                        dns_ms: number | null;
                        first_byte_ms: number | null;
                        tls_ms: number | null;
                    };
                };
                /**
                 * Format: date-time
                 * @description The earliest time of the next attempt. Absent when none is scheduled.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                next_attempt_at?: string;
                /** @description Why it is `held`, `canceled`, or was given up before its last attempt. */
                reason?: string;
                /**
                 * @description The delivery that this one repeats.
                 * @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb
                 */
                resend_of?: string;
                /**
                 * @description The delivery that repeats this one; of several, the last one.
                 * @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb
                 */
                resent_as?: string;
                /**
                 * @description `queued`: no result is recorded yet, and `trigger` and `created` are absent. The others are those of a delivery.
                 * @enum {string}
                 */
                status: "queued" | "retrying" | "delivered" | "exhausted" | "canceled" | "held";
                /**
                 * @description What caused it: an `event`, a `test` event, a `verification`, a `resend` of one delivery, a `recovery` of many, or a `redrive` by the operator.
                 * @enum {string}
                 */
                trigger?: "event" | "test" | "verification" | "resend" | "recovery" | "redrive";
                /** @example wh_01kf0r7a0zt5t1tpsvh3m0xa */
                webhook_id: string;
            }[];
            /** @example evt_2gq7c1v9x0m4ks8h6w3ytd5b */
            id: string;
            /** @description The account's other current webhooks. Empty for a test event. */
            not_matched: {
                /**
                 * @description `type`: it does not subscribe to the type; `not_verified`: its URL has never answered a challenge; `made_later`: it was made after the event was accepted; `changed_later`: it would match now, so its events were changed, or it was verified, after the event was dispatched.
                 * @enum {string}
                 */
                reason: "type" | "not_verified" | "made_later" | "changed_later";
                /** @example wh_01kf0r7a0zt5t1tpsvh3m0xa */
                webhook_id: string;
            }[];
            type: string;
        };
        EventTypeList: {
            data: {
                description: string;
                /** @description An example of `data`. */
                example: {
                    [key: string]: unknown;
                };
                name: string;
                /** @description JSON Schema of `data`. */
                schema: {
                    [key: string]: unknown;
                };
            }[];
            /** @description Send it as `cursor` for the next page; null on the last page. */
            next_cursor: string | null;
        };
        /** @description A response of the gateway, which did not call the service. */
        GatewayError: {
            message: string;
        };
        ListenerPage: {
            data: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                accepted_at: string;
                /** @description The body of the request. The signature is of exactly this text. */
                body: string;
                /** @example evt_2gq7c1v9x0m4ks8h6w3ytd5b */
                event_id: string;
                /** @example file.uploaded */
                event_type: string;
                /** @description All headers that the request to a webhook has, apart from `Host`, `Content-Length` and `Connection`. Signed with the secret of the listener at the time of this call. */
                headers: {
                    [key: string]: string;
                };
                /** @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb */
                id: string;
                /** @description More events followed within this second than are stored for a listener, or as many: some may be missing. */
                limit_reached: boolean;
            }[];
            /**
             * Format: date-time
             * @description When the listener expires, unless it is polled before.
             * @example 2026-01-15T10:30:00.000Z
             */
            expires_at: string;
            /** @description Send it as `cursor` with the next poll, which confirms these deliveries. Null when there is nothing to confirm. */
            next_cursor: string | null;
        };
        /** @description Problem details, RFC 9457. */
        Problem: {
            /** @description What happened and what to do, for people. */
            detail: string;
            /** @description All errors of the input. */
            errors?: {
                message: string;
                /** @description `url`, `events[1]`, the name of a header; empty for the whole body. */
                path: string;
            }[];
            /** @description The same as the header `X-Request-Id`. Tell it to the operator, who finds it in the logs. */
            request_id: string;
            /** @description Of a link that was used or has expired: where a person gets another one. */
            return_url?: string;
            status: number;
            title: string;
            /** @description Stable name of the problem, for programs. */
            type: string;
        };
        RecoverDeliveries: {
            dry_run?: boolean | null;
            /**
             * Format: date-time
             * @description Events that were accepted from the beginning of that second on. RFC 3339.
             * @example 2026-01-15T10:30:00.000Z
             */
            since: string;
            status?: ("exhausted" | "held")[] | null;
            until?: string | null;
        };
        Recovery: {
            /** @description When results were counted last. Null: not yet. */
            counted_at: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-15T10:30:00.000Z
             */
            created_at: string;
            /** @description New deliveries that succeeded. Counted once a minute. */
            delivered: number;
            ended_at: string | null;
            /** @description New deliveries, so far. */
            enqueued: number;
            /** @description Found, but not enqueued: the event has expired. */
            expired: number;
            /** @description New deliveries that ended without success. Counted once a minute. */
            failed: number;
            /** @description Deliveries to repeat, so far. */
            found: number;
            /** @example rcv_01kf0r7a0z4b8n2c6x9w3t5v */
            id: string;
            /** @description Deliveries a second. It is halved while more than half of the deliveries fail. */
            rate: number;
            /** @description Why it was stopped, or null. */
            reason: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-15T10:30:00.000Z
             */
            since: string;
            /**
             * @description `running`: deliveries are still enqueued, or their results are still counted; `done`: all are enqueued, and have ended or were counted for an hour; `stopped`: by DELETE, or for `reason`.
             * @enum {string}
             */
            status: "running" | "done" | "stopped";
            statuses: ("exhausted" | "held")[];
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-15T10:30:00.000Z
             */
            until: string;
            /** @example wh_01kf0r7a0zt5t1tpsvh3m0xa */
            webhook_id: string;
        };
        RecoveryDryRun: {
            /**
             * @description Present when there were more deliveries than one request can count: there may be more.
             * @constant
             */
            at_least?: true;
            /** @description Deliveries that a recovery would repeat. */
            count: number;
        };
        RecoveryList: {
            data: components["schemas"]["Recovery"][];
        };
        ResentDelivery: {
            /**
             * @description The new delivery: sent in the header `X-Webhook-Delivery`.
             * @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb
             */
            delivery_id: string;
            /**
             * @description The same as before: sent in the header `webhook-id` and as `id` of the body.
             * @example evt_2gq7c1v9x0m4ks8h6w3ytd5b
             */
            event_id: string;
        };
        RotatedSecret: {
            /**
             * Format: date-time
             * @description When the replaced secret stops signing: ISO 8601, UTC. Null when no other secret than the new one signs.
             * @example 2026-01-15T10:30:00.000Z
             */
            previous_expires_at: string | null;
            /**
             * @description The new secret. No other response contains it. Absent in the answer to a repeated request with an Idempotency-Key.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret?: string;
        };
        RotateSecret: {
            grace_seconds?: number | null;
            secret?: string | null;
        };
        Session: {
            /** @example acct_1 */
            account_id: string;
            /**
             * @description Who acts, as the audit log names it: the person, or the name of the API key.
             * @example ann@example.com
             */
            actor: string;
            /** @description Null for an API key that does not expire. */
            expires_at: string | null;
            /**
             * @description Of the session or the API key. It is no secret.
             * @example ses_01kf0r7a0z4b8n2c6x9w3t5v
             */
            id: string;
            /**
             * @description Whether a session or an API key authenticated the request.
             * @enum {string}
             */
            kind: "session" | "api_key";
            /**
             * @description The operator's page that makes another link, or null.
             * @example https://app.example.com/webhooks
             */
            return_url: string | null;
            /**
             * @description `read`: calls that change or send something are refused with 403; `write`: all calls.
             * @enum {string}
             */
            right: "read" | "write";
        };
        TestEvent: {
            /**
             * @description Sent in the header `X-Webhook-Delivery`.
             * @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb
             */
            delivery_id: string;
            /**
             * @description Sent in the header `webhook-id` and as `id` of the body.
             * @example evt_2gq7c1v9x0m4ks8h6w3ytd5b
             */
            event_id: string;
        };
        TestWebhook: {
            /**
             * @description A type of the catalogue or a system event: GET /v1/event-types.
             * @example webhook.retry
             */
            event_type: string;
            /**
             * @description An active webhook.
             * @example wh_01kf0r7a0zt5t1tpsvh3m0xa
             */
            webhook_id: string;
        };
        TestWebhookByPath: {
            /**
             * @description A type of the catalogue or a system event: GET /v1/event-types.
             * @example webhook.retry
             */
            event_type: string;
        };
        UpdateWebhook: {
            /** @description Your own note, one line; null removes it. */
            description?: string | null;
            events?: string[] | null;
            headers?: {
                [key: string]: string;
            } | null;
            status?: ("active" | "disabled") | null;
            success_status?: ("200" | "2xx") | null;
            url?: string | null;
        };
        Webhook: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-15T10:30:00.000Z
             */
            created_at: string;
            /** @description Your own note. */
            description: string | null;
            /** @description When the service disabled it, or null. */
            disabled_at: string | null;
            /** @description Who disabled the webhook: `customer` by a change, `service` by itself. Null: not disabled. */
            disabled_by: ("customer" | "service") | null;
            /** @description Why the service disabled it, or null. */
            disabled_reason: string | null;
            /**
             * @description The event types that the webhook subscribes to: exact types, prefixes or `*`.
             * @example [
             *       "*"
             *     ]
             */
            events: string[];
            /** @description Exhausted deliveries since the last one that succeeded. */
            exhausted_in_row: number;
            /** @description When the first of these was exhausted, or null. */
            failing_since: string | null;
            /**
             * @description Names of your own headers. The values are never shown.
             * @example {
             *       "Authorization": "********"
             *     }
             */
            headers: {
                [key: string]: "********";
            };
            /** @example wh_01kf0r7a0zt5t1tpsvh3m0xa */
            id: string;
            /** @description A new URL that has not answered its challenge yet. It replaces `url` when it does. */
            pending_url: string | null;
            /** @description When the secret that the last rotation replaced stops signing, also when this is over. Null: no rotation, or one without a grace time. */
            previous_secret_expires_at: string | null;
            /** @description When the endpoint became slow, or null. Deliveries to a slow endpoint have their own queue. */
            slow_since: string | null;
            /**
             * @description `pending`: the challenge is not answered yet; `active`: receives events; `disabled`: receives nothing; `verification_failed`: the challenge was not answered correctly, POST …/verify sends a new one.
             * @enum {string}
             */
            status: "pending" | "active" | "disabled" | "verification_failed";
            /** @description The webhook's own rule of success, or null: the rule of this service, which is `200` unless its operator chose `2xx`. */
            success_status: ("200" | "2xx") | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-15T10:30:00.000Z
             */
            updated_at: string;
            /**
             * @description The current URL.
             * @example https://example.com/webhook
             */
            url: string;
            /** @description Why the last verification failed and what to do, or null. */
            verification_error: string | null;
            /** @description Whether `url` answered its challenge. */
            verified: boolean;
            /** @description When `webhook.warned` was due: the webhook will be disabled if it keeps failing. */
            warned_at: string | null;
        };
        WebhookDryRun: {
            /** @description Each entry of `events` once. */
            events: {
                /**
                 * @description The current types that it matches.
                 * @example [
                 *       "file.uploaded"
                 *     ]
                 */
                event_types: string[];
                /**
                 * @description An entry of `events`.
                 * @example file.*
                 */
                pattern: string;
            }[];
            /**
             * @description In the normal form in which it would be stored.
             * @example https://example.com/webhook
             */
            url: string;
        };
        WebhookHealth: {
            /**
             * Format: date-time
             * @description When the records were read.
             * @example 2026-01-15T10:30:00.000Z
             */
            as_of: string;
            /** @description The webhook is disabled when `exhausted_in_row` reaches `exhausted` and `failing_since` is `hours` ago. `webhook.warned` is published at half of both. Null: this service disables no webhook by itself. */
            disable_after: {
                exhausted: number;
                hours: number;
            } | null;
            /** @description When the service disabled it, or null. */
            disabled_at: string | null;
            /** @description Who disabled the webhook: `customer` by a change, `service` by itself. Null: not disabled. */
            disabled_by: ("customer" | "service") | null;
            /** @description Why the service disabled it, or null. */
            disabled_reason: string | null;
            /** @description Exhausted deliveries since the last one that succeeded. */
            exhausted_in_row: number;
            /** @description When the first of these was exhausted, or null. */
            failing_since: string | null;
            /** @description The figures of `last_day` by hours, UTC, the oldest first: from the hour of its `since` to the current one, at most 25. The first and the last are parts of an hour. A delivery belongs to the hour in which its event was accepted, as for `since` and `until` of the list of deliveries. */
            hours: {
                delivered: number;
                exhausted: number;
                /** @description Failed attempts of all these deliveries by class, those with at least one. */
                failed_attempts: {
                    [key: string]: number;
                };
                /** @description Held and not repeated: POST …/recover sends them. */
                held: number;
                retrying: number;
                /**
                 * Format: date-time
                 * @description The beginning of the hour.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                start: string;
            }[];
            last_day: {
                /** @description Whether these figures cover the whole hour or day. False: the window has more than the newest 2,000 records, and `since` is the time of the oldest one that was read. */
                complete: boolean;
                delivered: number;
                exhausted: number;
                /** @description Half of the answers, with any status, took at most this long. Null: there was none. */
                p50_ms: number | null;
                /** @description 99 % of the answers took at most this long. */
                p99_ms: number | null;
                /**
                 * Format: date-time
                 * @description The deliveries of events that were accepted from then on.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                since: string;
                /** @description `delivered` / (`delivered` + `exhausted`); null when both are 0. */
                success_rate: number | null;
            };
            /** @description The last attempt that failed, among the records that were read. */
            last_failure: {
                /**
                 * Format: date-time
                 * @description When the attempt began.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                at: string;
                /** @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb */
                delivery_id: string;
                error: ("http_status" | "timeout" | "dns_error" | "connection_error" | "tls_error" | "protocol_error" | "address_refused" | "challenge_mismatch") | null;
                /** @description One line: why the attempt failed. */
                reason: string | null;
                /** @description The status of the answer; null: no answer. */
                status: number | null;
            } | null;
            last_hour: {
                /** @description Whether these figures cover the whole hour or day. False: the window has more than the newest 2,000 records, and `since` is the time of the oldest one that was read. */
                complete: boolean;
                delivered: number;
                exhausted: number;
                /** @description Half of the answers, with any status, took at most this long. Null: there was none. */
                p50_ms: number | null;
                /** @description 99 % of the answers took at most this long. */
                p99_ms: number | null;
                /**
                 * Format: date-time
                 * @description The deliveries of events that were accepted from then on.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                since: string;
                /** @description `delivered` / (`delivered` + `exhausted`); null when both are 0. */
                success_rate: number | null;
            };
            /** @description The last attempt that succeeded, among the records that were read. */
            last_success: {
                /**
                 * Format: date-time
                 * @description When the attempt began.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                at: string;
                /** @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb */
                delivery_id: string;
                /** @description The status of the answer; null: no answer. */
                status: number | null;
            } | null;
            /** @description Deliveries that are held or exhausted and were not repeated, also from before the last day: POST …/recover with this `since` sends them. */
            recoverable: {
                /** @description False: the newest 2,000 records do not reach the oldest one, so there may be more, and older ones. */
                complete: boolean;
                exhausted: number;
                held: number;
                /** @description When the event of the oldest one was accepted. Null: there is none. */
                since: string | null;
            };
            /** @description When the endpoint became slow, or null. Deliveries to a slow endpoint have their own queue. */
            slow_since: string | null;
            /**
             * @description `pending`: the challenge is not answered yet; `active`: receives events; `disabled`: receives nothing; `verification_failed`: the challenge was not answered correctly, POST …/verify sends a new one.
             * @enum {string}
             */
            status: "pending" | "active" | "disabled" | "verification_failed";
            /** @description When `webhook.warned` was due: the webhook will be disabled if it keeps failing. */
            warned_at: string | null;
            /** @example wh_01kf0r7a0zt5t1tpsvh3m0xa */
            webhook_id: string;
        };
        WebhookList: {
            data: {
                /** @description Why it needs attention, the most urgent reason: the service disabled it; deliveries are exhausted since the last success; its URL or its new URL did not answer the challenge; its endpoint is slow; a challenge is not answered yet; it was disabled by a change. Null: none of these. */
                attention: ("disabled_by_service" | "failing" | "verification_failed" | "slow" | "pending" | "disabled") | null;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                created_at: string;
                /** @description Your own note. */
                description: string | null;
                /** @description When the service disabled it, or null. */
                disabled_at: string | null;
                /** @description Who disabled the webhook: `customer` by a change, `service` by itself. Null: not disabled. */
                disabled_by: ("customer" | "service") | null;
                /** @description Why the service disabled it, or null. */
                disabled_reason: string | null;
                /**
                 * @description The event types that the webhook subscribes to: exact types, prefixes or `*`.
                 * @example [
                 *       "*"
                 *     ]
                 */
                events: string[];
                /** @description Exhausted deliveries since the last one that succeeded. */
                exhausted_in_row: number;
                /** @description When the first of these was exhausted, or null. */
                failing_since: string | null;
                /**
                 * @description Names of your own headers. The values are never shown.
                 * @example {
                 *       "Authorization": "********"
                 *     }
                 */
                headers: {
                    [key: string]: "********";
                };
                /** @example wh_01kf0r7a0zt5t1tpsvh3m0xa */
                id: string;
                /** @description A new URL that has not answered its challenge yet. It replaces `url` when it does. */
                pending_url: string | null;
                /** @description When the secret that the last rotation replaced stops signing, also when this is over. Null: no rotation, or one without a grace time. */
                previous_secret_expires_at: string | null;
                /** @description When the endpoint became slow, or null. Deliveries to a slow endpoint have their own queue. */
                slow_since: string | null;
                /**
                 * @description `pending`: the challenge is not answered yet; `active`: receives events; `disabled`: receives nothing; `verification_failed`: the challenge was not answered correctly, POST …/verify sends a new one.
                 * @enum {string}
                 */
                status: "pending" | "active" | "disabled" | "verification_failed";
                /** @description The webhook's own rule of success, or null: the rule of this service, which is `200` unless its operator chose `2xx`. */
                success_status: ("200" | "2xx") | null;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC.
                 * @example 2026-01-15T10:30:00.000Z
                 */
                updated_at: string;
                /**
                 * @description The current URL.
                 * @example https://example.com/webhook
                 */
                url: string;
                /** @description Why the last verification failed and what to do, or null. */
                verification_error: string | null;
                /** @description Whether `url` answered its challenge. */
                verified: boolean;
                /** @description When `webhook.warned` was due: the webhook will be disabled if it keeps failing. */
                warned_at: string | null;
            }[];
            /** @description Send it as `cursor` for the next page; null on the last page. */
            next_cursor: string | null;
        };
        WebhookWithHeld: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-15T10:30:00.000Z
             */
            created_at: string;
            /** @description Your own note. */
            description: string | null;
            /** @description When the service disabled it, or null. */
            disabled_at: string | null;
            /** @description Who disabled the webhook: `customer` by a change, `service` by itself. Null: not disabled. */
            disabled_by: ("customer" | "service") | null;
            /** @description Why the service disabled it, or null. */
            disabled_reason: string | null;
            /**
             * @description The event types that the webhook subscribes to: exact types, prefixes or `*`.
             * @example [
             *       "*"
             *     ]
             */
            events: string[];
            /** @description Exhausted deliveries since the last one that succeeded. */
            exhausted_in_row: number;
            /** @description When the first of these was exhausted, or null. */
            failing_since: string | null;
            /**
             * @description Names of your own headers. The values are never shown.
             * @example {
             *       "Authorization": "********"
             *     }
             */
            headers: {
                [key: string]: "********";
            };
            /** @description Deliveries that were held and not repeated, among the newest 1,000: POST …/recover sends them. In a change, only with `status: "active"`. */
            held?: number;
            /**
             * @description Present when older deliveries were not counted: there may be more.
             * @constant
             */
            held_at_least?: true;
            /** @example wh_01kf0r7a0zt5t1tpsvh3m0xa */
            id: string;
            /** @description A new URL that has not answered its challenge yet. It replaces `url` when it does. */
            pending_url: string | null;
            /** @description When the secret that the last rotation replaced stops signing, also when this is over. Null: no rotation, or one without a grace time. */
            previous_secret_expires_at: string | null;
            /** @description When the endpoint became slow, or null. Deliveries to a slow endpoint have their own queue. */
            slow_since: string | null;
            /**
             * @description `pending`: the challenge is not answered yet; `active`: receives events; `disabled`: receives nothing; `verification_failed`: the challenge was not answered correctly, POST …/verify sends a new one.
             * @enum {string}
             */
            status: "pending" | "active" | "disabled" | "verification_failed";
            /** @description The webhook's own rule of success, or null: the rule of this service, which is `200` unless its operator chose `2xx`. */
            success_status: ("200" | "2xx") | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             * @example 2026-01-15T10:30:00.000Z
             */
            updated_at: string;
            /**
             * @description The current URL.
             * @example https://example.com/webhook
             */
            url: string;
            /** @description Why the last verification failed and what to do, or null. */
            verification_error: string | null;
            /** @description Whether `url` answered its challenge. */
            verified: boolean;
            /** @description When `webhook.warned` was due: the webhook will be disabled if it keeps failing. */
            warned_at: string | null;
        };
    };
    responses: never;
    parameters: {
        /** @description A text that you choose for this request, such as a UUID. A repetition with the same key within 24 hours creates nothing and gets the same answer, without the `secret`, and with the header `Idempotent-Replayed`. The same key with another body or call is a 409. */
        "Idempotency-Key": string;
        /** @description The ETag of the webhook as you read it. 412 when the webhook has changed since. */
        "If-Match": string;
        /** @description The ETag of the webhook as you know it. 304 when the webhook has not changed since. */
        "If-None-Match": string;
    };
    requestBodies: never;
    headers: {
        /**
         * @description `identity`, when the body has a content coding.
         * @example identity
         */
        "Accept-Encoding": string;
        /**
         * @description The version of the webhook, for `If-Match` and `If-None-Match`. It changes with every field except the marks of the service (`slow_since`, `exhausted_in_row`, `failing_since`, `warned_at`) and `updated_at`.
         * @example "Zx3vQ9r8GKYqrTwjUPD8IL"
         */
        ETag: string;
        /**
         * @description `true` in the answer to a repeated request with an `Idempotency-Key`. Absent in the first answer.
         * @example true
         */
        "Idempotent-Replayed": "true";
        /**
         * @description Path of the webhook.
         * @example /v1/webhooks/wh_01kf0r7a0zt5t1tpsvh3m0xa
         */
        Location: string;
        /**
         * @description The remaining requests of the limit that counts this request: its name, `r` requests for `t` more seconds. Absent when the request was not counted.
         * @example "test";r=59;t=42
         */
        RateLimit: string;
        /**
         * @description The limit: its name, `q` requests of an account in each window of `w` seconds.
         * @example "test";q=60;w=60
         */
        "RateLimit-Policy": string;
        /**
         * @description Seconds to wait.
         * @example 5
         */
        "Retry-After": number;
        /**
         * @description The scheme of authentication, `Bearer`.
         * @example Bearer realm="webhook-fanout"
         */
        "WWW-Authenticate": string;
        /**
         * @description The id of the request. The operator finds it in the logs. Answers of the gateway have it in `Apigw-Requestid` only.
         * @example JKJaXmPLvHcESHA=
         */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getActivity: {
        parameters: {
            query: {
                webhook_id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The activity of each webhook. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Activity"];
                };
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Too many requests of this kind (`urn:webhook-fanout:problem:too-many-requests`). Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEventTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The catalogue and the system events. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeList"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an event of this account; any other is a 404. */
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventDetails"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createListener: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text that you choose for this request, such as a UUID. A repetition with the same key within 24 hours creates nothing and gets the same answer, without the `secret`, and with the header `Idempotent-Replayed`. The same key with another body or call is a 409. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateListener"];
            };
        };
        responses: {
            /** @description Created. Only this response contains the secret. */
            201: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedListener"];
                };
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). The account has too many listeners (`urn:webhook-fanout:problem:listener-limit-reached`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session may only read (`urn:webhook-fanout:problem:read-only`). */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A request with this Idempotency-Key is being handled (`urn:webhook-fanout:problem:idempotency-key-in-use`). The Idempotency-Key belongs to another request (`urn:webhook-fanout:problem:idempotency-key-reused`). */
            409: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large (`urn:webhook-fanout:problem:body-too-large`). Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The format of the body is not supported (`urn:webhook-fanout:problem:unsupported-media-type`). */
            415: {
                headers: {
                    "Accept-Encoding": components["headers"]["Accept-Encoding"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests of this kind (`urn:webhook-fanout:problem:too-many-requests`). Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteListener: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a listener of this account; any other is a 404. */
                listener_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session may only read (`urn:webhook-fanout:problem:read-only`). */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pollListener: {
        parameters: {
            query?: {
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of a listener of this account; any other is a 404. */
                listener_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deliveries, ready to be sent. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListenerPage"];
                };
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session may only read (`urn:webhook-fanout:problem:read-only`). */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook's state does not allow this (`urn:webhook-fanout:problem:conflict`). */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An OpenAPI 3.1 document. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRecovery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a recovery of this account; any other is a 404. */
                recovery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recovery. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recovery"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stopRecovery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a recovery of this account; any other is a 404. */
                recovery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recovery. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recovery"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session may only read (`urn:webhook-fanout:problem:read-only`). */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session, or the API key. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSession"];
            };
        };
        responses: {
            /** @description Begun. Only this response contains the token. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedSession"];
                };
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The link is not known (`urn:webhook-fanout:problem:code-unknown`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The link has been used (`urn:webhook-fanout:problem:code-used`). The link has expired (`urn:webhook-fanout:problem:code-expired`). */
            410: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large (`urn:webhook-fanout:problem:body-too-large`). Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The format of the body is not supported (`urn:webhook-fanout:problem:unsupported-media-type`). */
            415: {
                headers: {
                    "Accept-Encoding": components["headers"]["Accept-Encoding"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests of this kind (`urn:webhook-fanout:problem:too-many-requests`). Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                cursor?: string;
                event_type?: string;
                limit?: number;
                order?: "newest" | "attention";
                status?: "pending" | "active" | "disabled" | "verification_failed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of webhooks. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Too many requests of this kind (`urn:webhook-fanout:problem:too-many-requests`). Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text that you choose for this request, such as a UUID. A repetition with the same key within 24 hours creates nothing and gets the same answer, without the `secret`, and with the header `Idempotent-Replayed`. The same key with another body or call is a 409. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhook"];
            };
        };
        responses: {
            /** @description With `dry_run`: the input is valid. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDryRun"];
                };
            };
            /** @description Created. Only this response contains the secret. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). A limit of the account is reached (`urn:webhook-fanout:problem:webhook-limit-reached`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session may only read (`urn:webhook-fanout:problem:read-only`). */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook's state does not allow this (`urn:webhook-fanout:problem:conflict`). A request with this Idempotency-Key is being handled (`urn:webhook-fanout:problem:idempotency-key-in-use`). The Idempotency-Key belongs to another request (`urn:webhook-fanout:problem:idempotency-key-reused`). */
            409: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large (`urn:webhook-fanout:problem:body-too-large`). Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The format of the body is not supported (`urn:webhook-fanout:problem:unsupported-media-type`). */
            415: {
                headers: {
                    "Accept-Encoding": components["headers"]["Accept-Encoding"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests of this kind (`urn:webhook-fanout:problem:too-many-requests`). Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the webhook as you know it. 304 when the webhook has not changed since. */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
            };
            path: {
                /** @description Id of a webhook of this account; any other is a 404. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description Not changed. There is no body. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the webhook as you read it. 412 when the webhook has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                /** @description Id of a webhook of this account; any other is a 404. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session may only read (`urn:webhook-fanout:problem:read-only`). */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook's state does not allow this (`urn:webhook-fanout:problem:conflict`). */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook is not in the state that If-Match names (`urn:webhook-fanout:problem:precondition-failed`). */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the webhook as you read it. 412 when the webhook has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                /** @description Id of a webhook of this account; any other is a 404. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateWebhook"];
            };
        };
        responses: {
            /** @description The webhook after the change. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithHeld"];
                };
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). A limit of the account is reached (`urn:webhook-fanout:problem:webhook-limit-reached`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session may only read (`urn:webhook-fanout:problem:read-only`). */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook's state does not allow this (`urn:webhook-fanout:problem:conflict`). */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook is not in the state that If-Match names (`urn:webhook-fanout:problem:precondition-failed`). */
            412: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large (`urn:webhook-fanout:problem:body-too-large`). Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The format of the body is not supported (`urn:webhook-fanout:problem:unsupported-media-type`). */
            415: {
                headers: {
                    "Accept-Encoding": components["headers"]["Accept-Encoding"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests of this kind (`urn:webhook-fanout:problem:too-many-requests`). Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                cursor?: string;
                event_type?: string;
                limit?: number;
                since?: string;
                status?: ("retrying" | "delivered" | "exhausted" | "canceled" | "held")[];
                until?: string;
            };
            header?: never;
            path: {
                /** @description Id of a webhook of this account; any other is a 404. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Too many requests of this kind (`urn:webhook-fanout:problem:too-many-requests`). Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a delivery to this webhook; any other is a 404. */
                delivery_id: string;
                /** @description Id of a webhook of this account; any other is a 404. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resendDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text that you choose for this request, such as a UUID. A repetition with the same key within 24 hours creates nothing and gets the same answer, without the `secret`, and with the header `Idempotent-Replayed`. The same key with another body or call is a 409. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                /** @description Id of a delivery to this webhook; any other is a 404. */
                delivery_id: string;
                /** @description Id of a webhook of this account; any other is a 404. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new delivery is queued. */
            202: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResentDelivery"];
                };
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session may only read (`urn:webhook-fanout:problem:read-only`). */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook's state does not allow this (`urn:webhook-fanout:problem:conflict`). A request with this Idempotency-Key is being handled (`urn:webhook-fanout:problem:idempotency-key-in-use`). The Idempotency-Key belongs to another request (`urn:webhook-fanout:problem:idempotency-key-reused`). */
            409: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It has expired (`urn:webhook-fanout:problem:gone`). */
            410: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Too many requests of this kind (`urn:webhook-fanout:problem:too-many-requests`). Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhookHealth: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook of this account; any other is a 404. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The health of the webhook. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookHealth"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Too many requests of this kind (`urn:webhook-fanout:problem:too-many-requests`). Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recoverDeliveries: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text that you choose for this request, such as a UUID. A repetition with the same key within 24 hours creates nothing and gets the same answer, without the `secret`, and with the header `Idempotent-Replayed`. The same key with another body or call is a 409. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                /** @description Id of a webhook of this account; any other is a 404. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecoverDeliveries"];
            };
        };
        responses: {
            /** @description With `dry_run`: the number of deliveries. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryDryRun"];
                };
            };
            /** @description The recovery runs; its `Location` shows its progress. */
            202: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recovery"];
                };
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session may only read (`urn:webhook-fanout:problem:read-only`). */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook's state does not allow this (`urn:webhook-fanout:problem:conflict`). A request with this Idempotency-Key is being handled (`urn:webhook-fanout:problem:idempotency-key-in-use`). The Idempotency-Key belongs to another request (`urn:webhook-fanout:problem:idempotency-key-reused`). */
            409: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large (`urn:webhook-fanout:problem:body-too-large`). Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The format of the body is not supported (`urn:webhook-fanout:problem:unsupported-media-type`). */
            415: {
                headers: {
                    "Accept-Encoding": components["headers"]["Accept-Encoding"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests of this kind (`urn:webhook-fanout:problem:too-many-requests`). Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRecoveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook of this account; any other is a 404. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recoveries. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryList"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text that you choose for this request, such as a UUID. A repetition with the same key within 24 hours creates nothing and gets the same answer, without the `secret`, and with the header `Idempotent-Replayed`. The same key with another body or call is a 409. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                /** @description Id of a webhook of this account; any other is a 404. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateSecret"];
            };
        };
        responses: {
            /** @description Rotated. Only this response contains the new secret. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotatedSecret"];
                };
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session may only read (`urn:webhook-fanout:problem:read-only`). */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook's state does not allow this (`urn:webhook-fanout:problem:conflict`). A request with this Idempotency-Key is being handled (`urn:webhook-fanout:problem:idempotency-key-in-use`). The Idempotency-Key belongs to another request (`urn:webhook-fanout:problem:idempotency-key-reused`). */
            409: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large (`urn:webhook-fanout:problem:body-too-large`). Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The format of the body is not supported (`urn:webhook-fanout:problem:unsupported-media-type`). */
            415: {
                headers: {
                    "Accept-Encoding": components["headers"]["Accept-Encoding"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests of this kind (`urn:webhook-fanout:problem:too-many-requests`). Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhookByPath: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text that you choose for this request, such as a UUID. A repetition with the same key within 24 hours creates nothing and gets the same answer, without the `secret`, and with the header `Idempotent-Replayed`. The same key with another body or call is a 409. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                /** @description Id of a webhook of this account; any other is a 404. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestWebhookByPath"];
            };
        };
        responses: {
            /** @description The event is queued. */
            202: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestEvent"];
                };
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session may only read (`urn:webhook-fanout:problem:read-only`). */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook's state does not allow this (`urn:webhook-fanout:problem:conflict`). A request with this Idempotency-Key is being handled (`urn:webhook-fanout:problem:idempotency-key-in-use`). The Idempotency-Key belongs to another request (`urn:webhook-fanout:problem:idempotency-key-reused`). */
            409: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large (`urn:webhook-fanout:problem:body-too-large`). Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The format of the body is not supported (`urn:webhook-fanout:problem:unsupported-media-type`). */
            415: {
                headers: {
                    "Accept-Encoding": components["headers"]["Accept-Encoding"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests of this kind (`urn:webhook-fanout:problem:too-many-requests`). Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook of this account; any other is a 404. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The challenge is queued. */
            202: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithHeld"];
                };
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session may only read (`urn:webhook-fanout:problem:read-only`). */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook's state does not allow this (`urn:webhook-fanout:problem:conflict`). */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                };
            };
            /** @description Too many requests of this kind (`urn:webhook-fanout:problem:too-many-requests`). Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text that you choose for this request, such as a UUID. A repetition with the same key within 24 hours creates nothing and gets the same answer, without the `secret`, and with the header `Idempotent-Replayed`. The same key with another body or call is a 409. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestWebhook"];
            };
        };
        responses: {
            /** @description The event is queued. */
            202: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestEvent"];
                };
            };
            /** @description The request is not valid (`urn:webhook-fanout:problem:invalid-request`). */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A valid API key or session is needed (`urn:webhook-fanout:problem:unauthorized`). */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session may only read (`urn:webhook-fanout:problem:read-only`). */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found (`urn:webhook-fanout:problem:not-found`). */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook's state does not allow this (`urn:webhook-fanout:problem:conflict`). A request with this Idempotency-Key is being handled (`urn:webhook-fanout:problem:idempotency-key-in-use`). The Idempotency-Key belongs to another request (`urn:webhook-fanout:problem:idempotency-key-reused`). */
            409: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large (`urn:webhook-fanout:problem:body-too-large`). Also used by the gateway, as `{"message"}`. */
            413: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The format of the body is not supported (`urn:webhook-fanout:problem:unsupported-media-type`). */
            415: {
                headers: {
                    "Accept-Encoding": components["headers"]["Accept-Encoding"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests of this kind (`urn:webhook-fanout:problem:too-many-requests`). Also used by the gateway, as `{"message"}`. */
            429: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service failed (`urn:webhook-fanout:problem:internal-error`). Also used by the gateway, as `{"message"}`. */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is temporarily unavailable (`urn:webhook-fanout:problem:unavailable`). Also used by the gateway, as `{"message"}`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayError"];
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "receive.webhook.verification": {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description W3C Trace Context of the event, if the operator sends it and the publisher gave one. Its parent is this attempt.
                 * @example 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
                 */
                traceparent?: string;
                /**
                 * @description Id of the event, the same in every attempt. Use it to detect duplicates.
                 * @example evt_2gq7c1v9x0m4ks8h6w3ytd5b
                 */
                "webhook-id": string;
                /**
                 * @description Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of `<id>.<timestamp>.<body>`, one for each secret.
                 * @example v1,XUFAKrxLKna5cZ2REBfFkq4vjTsMbkofnn1sW0o5KBc=
                 */
                "webhook-signature": string;
                /**
                 * @description The same as X-Webhook-Timestamp.
                 * @example 1768473000
                 */
                "webhook-timestamp": string;
                /**
                 * @description Number of the attempt, from 1.
                 * @example 1
                 */
                "X-Webhook-Attempt": string;
                /**
                 * @description Id of the delivery of this event to this webhook.
                 * @example dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb
                 */
                "X-Webhook-Delivery": string;
                /**
                 * @description The type of the event.
                 * @example webhook.exhausted
                 */
                "X-Webhook-Event": string;
                /**
                 * @description `sha256=` and the hex HMAC-SHA256 of `<timestamp>.<body>`; the key is the whole secret.
                 * @example sha256=5d41402abc4b2a76b9719d911017c592ae2f8d3b0c6e4a1f9e7d6c5b4a392817
                 */
                "X-Webhook-Signature": string;
                /**
                 * @description The same with the previous secret. Sent while both secrets are valid after a rotation.
                 * @example sha256=5d41402abc4b2a76b9719d911017c592ae2f8d3b0c6e4a1f9e7d6c5b4a392817
                 */
                "X-Webhook-Signature-Previous"?: string;
                /**
                 * @description `true` on test events; absent on others.
                 * @example true
                 */
                "X-Webhook-Test"?: string;
                /**
                 * @description The time of signing, in seconds since 1970.
                 * @example 1768473000
                 */
                "X-Webhook-Timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Challenge"];
            };
        };
        responses: {
            /** @description The URL is verified when the response contains the same challenge. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChallengeAnswer"];
                };
            };
            /** @description A failed attempt. */
            default: {
                headers: {
                    /**
                     * @description With 429 and 503: the next attempt is not made before. Seconds, or an HTTP date.
                     * @example 120
                     */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
