/**
 * A back end that mints tickets, whole, in the languages that most are written in. Each serves the two
 * files of `snippets.ts` as well, so that it can be run as it stands; only the standard library is used.
 */
import type { ExampleFile, ExampleValues } from "./snippets.ts";

export interface TicketExample extends ExampleFile {
  readonly language: string;
  /** How it is started, beside the page and its script. */
  readonly run: string;
}

const CONSENT = { policyVersion: "2026-11", how: "settings page" };

export function ticketExamples(values: ExampleValues): TicketExample[] {
  return [curlExample(values), nodeExample(values), pythonExample(values), goExample(values)];
}

function curlExample({ service, site }: ExampleValues): TicketExample {
  return {
    id: "curl",
    language: "curl",
    name: "One request",
    run: "export GAITKEEPER_SECRET_KEY=gk_sk_…",
    code: `curl -X POST ${service}/v1/tickets \\
  -H "Authorization: Bearer $GAITKEEPER_SECRET_KEY" -H "Content-Type: application/json" \\
  -d '{"subject": "user-4711", "origin": "${site}",
       "consent": {"policyVersion": "${CONSENT.policyVersion}", "how": "${CONSENT.how}"}}'
`,
  };
}

function nodeExample({ service, site }: ExampleValues): TicketExample {
  return {
    id: "node",
    language: "Node",
    name: "site.mjs",
    run: "GAITKEEPER_SECRET_KEY=gk_sk_… node site.mjs",
    code: `import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const GAITKEEPER = "${service}";
const SITE = "${site}"; // of your pages, as a browser names it
const FILES = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/behaviour.js": ["behaviour.js", "text/javascript"],
};

// Your own sign-in knows who it is; keep one of these in each visitor's session.
const visitor = { id: "user-4711", session: undefined };

async function mintTicket(visitor) {
  const answer = await fetch(\`\${GAITKEEPER}/v1/tickets\`, {
    method: "POST",
    headers: {
      authorization: \`Bearer \${process.env.GAITKEEPER_SECRET_KEY}\`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      subject: visitor.id,
      session: visitor.session, // so that the next page goes on with it
      origin: SITE,
      consent: { policyVersion: "${CONSENT.policyVersion}", how: "${CONSENT.how}" },
    }),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(\`\${body.code}: \${body.detail}\`);
  visitor.session = body.session;
  return body.ticket;
}

createServer(async (request, response) => {
  try {
    if (request.method === "POST" && request.url === "/gaitkeeper-ticket") {
      response.setHeader("cache-control", "no-store");
      return response.end(await mintTicket(visitor));
    }
    const file = FILES[request.url];
    if (!file) return response.writeHead(404).end();
    response.setHeader("content-type", file[1]);
    response.end(await readFile(file[0]));
  } catch (error) {
    console.error(error.message);
    response.writeHead(502).end();
  }
}).listen(process.env.PORT ?? 8080);
`,
  };
}

function pythonExample({ service, site }: ExampleValues): TicketExample {
  return {
    id: "python",
    language: "Python",
    name: "site.py",
    run: "GAITKEEPER_SECRET_KEY=gk_sk_… python3 site.py",
    code: `import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

GAITKEEPER = "${service}"
SITE = "${site}"  # of your pages, as a browser names it
FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/behaviour.js": ("behaviour.js", "text/javascript"),
}

# Your own sign-in knows who it is; keep one of these in each visitor's session.
visitor = {"id": "user-4711", "session": None}


def mint_ticket(visitor):
    body = {
        "subject": visitor["id"],
        "origin": SITE,
        "consent": {"policyVersion": "${CONSENT.policyVersion}", "how": "${CONSENT.how}"},
    }
    if visitor["session"]:
        body["session"] = visitor["session"]  # so that the next page goes on with it
    request = Request(
        f"{GAITKEEPER}/v1/tickets",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {os.environ['GAITKEEPER_SECRET_KEY']}",
            "Content-Type": "application/json",
        },
        method="POST",
    )
    with urlopen(request, timeout=10) as answer:
        minted = json.load(answer)
    visitor["session"] = minted["session"]
    return minted["ticket"]


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path not in FILES:
            return self.send_error(404)
        name, content_type = FILES[self.path]
        self.answer(Path(name).read_bytes(), content_type)

    def do_POST(self):
        if self.path != "/gaitkeeper-ticket":
            return self.send_error(404)
        try:
            self.answer(mint_ticket(visitor).encode(), "text/plain")
        except HTTPError as error:
            self.log_error("%s", error.read().decode())
            self.send_error(502)

    def answer(self, body, content_type):
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("", int(os.environ.get("PORT", 8080))), Site).serve_forever()
`,
  };
}

function goExample({ service, site }: ExampleValues): TicketExample {
  return {
    id: "go",
    language: "Go",
    name: "site.go",
    run: "GAITKEEPER_SECRET_KEY=gk_sk_… go run site.go",
    code: `package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"time"
)

const (
	gaitkeeper = "${service}"
	site       = "${site}" // of your pages, as a browser names it
)

// Your own sign-in knows who it is; keep one of these in each visitor's session.
type visitor struct{ id, session string }

var (
	someone = visitor{id: "user-4711"}
	client  = http.Client{Timeout: 10 * time.Second}
)

func mintTicket(who *visitor) (string, error) {
	asked := map[string]any{
		"subject": who.id,
		"origin":  site,
		"consent": map[string]string{"policyVersion": "${CONSENT.policyVersion}", "how": "${CONSENT.how}"},
	}
	if who.session != "" {
		asked["session"] = who.session // so that the next page goes on with it
	}
	body, err := json.Marshal(asked)
	if err != nil {
		return "", err
	}
	request, err := http.NewRequest("POST", gaitkeeper+"/v1/tickets", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("GAITKEEPER_SECRET_KEY"))
	request.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		problem, _ := io.ReadAll(answer.Body)
		return "", fmt.Errorf("no ticket: %s", problem)
	}
	var minted struct{ Ticket, Session string }
	if err := json.NewDecoder(answer.Body).Decode(&minted); err != nil {
		return "", err
	}
	who.session = minted.Session
	return minted.Ticket, nil
}

func main() {
	http.HandleFunc("POST /gaitkeeper-ticket", func(w http.ResponseWriter, r *http.Request) {
		ticket, err := mintTicket(&someone)
		if err != nil {
			log.Print(err)
			http.Error(w, "no ticket", http.StatusBadGateway)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		fmt.Fprint(w, ticket)
	})
	for path, name := range map[string]string{"GET /{$}": "index.html", "GET /behaviour.js": "behaviour.js"} {
		http.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, name) })
	}
	log.Fatal(http.ListenAndServe(":"+cmp.Or(os.Getenv("PORT"), "8080"), nil))
}
`,
  };
}
