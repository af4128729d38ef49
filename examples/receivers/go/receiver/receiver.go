// Package receiver serves the endpoint of a webhook. It does not depend on the scheme of the signature.
package receiver

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

const (
	// maxBodyBytes is the limit of the sender, 256 KiB.
	maxBodyBytes      = 256 << 10
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
)

// Event is a request of the sender. Data depends on Type.
type Event struct {
	ID   string          `json:"id"`
	Type string          `json:"type"`
	Data json.RawMessage `json:"data"`
}

// Verify returns an error when the request is not authentic. The body is as it was received: JSON that was parsed and
// written again has other bytes.
type Verify func(body []byte, header http.Header) error

// Secret returns WEBHOOK_SECRET. It ends the process when there is none: with an empty key anybody could sign.
func Secret() string {
	secret := os.Getenv("WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("WEBHOOK_SECRET is not set: set it to the secret of the webhook")
	}
	return secret
}

// Run serves POST /webhook on PORT, default 3000.
func Run(verify Verify) {
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on http://%s/webhook", listener.Addr())

	inbox := newInbox()
	go inbox.handleEvents()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /webhook", func(w http.ResponseWriter, r *http.Request) {
		status, answer := answerRequest(w, r, verify, inbox)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(answer)
	})
	server := http.Server{Handler: mux, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout}
	log.Fatal(server.Serve(listener))
}

func answerRequest(w http.ResponseWriter, r *http.Request, verify Verify, inbox *inbox) (int, map[string]string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge, map[string]string{"error": "Body too large"}
	}
	if err != nil {
		return http.StatusBadRequest, map[string]string{"error": "Incomplete body"}
	}
	if err := verify(body, r.Header); err != nil {
		return http.StatusBadRequest, map[string]string{"error": "Invalid signature"}
	}

	var event Event
	if err := json.Unmarshal(body, &event); err != nil {
		return http.StatusBadRequest, map[string]string{"error": "Invalid JSON"}
	}
	if event.Type == "webhook.verification" {
		var data struct{ Challenge string }
		if err := json.Unmarshal(event.Data, &data); err != nil {
			return http.StatusBadRequest, map[string]string{"error": "Invalid challenge"}
		}
		return http.StatusOK, map[string]string{"challenge": data.Challenge}
	}
	if !inbox.accept(event) {
		// Every status but 200 makes the sender try again later.
		return http.StatusServiceUnavailable, map[string]string{"error": "Too many events are waiting"}
	}
	return http.StatusOK, map[string]string{"status": "success"}
}
