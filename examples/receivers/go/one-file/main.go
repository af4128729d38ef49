package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

const (
	maxAge       = 5 * time.Minute // an older request may be a recorded one that an attacker sends again
	maxBodyBytes = 262_144
)

var secret = []byte(os.Getenv("WEBHOOK_SECRET"))

// isAuthentic needs the bytes as they arrived: JSON that is parsed and written again has different bytes.
func isAuthentic(header http.Header, body []byte) bool {
	timestamp := header.Get("X-Webhook-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > maxAge {
		return false
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	expected := []byte("sha256=" + hex.EncodeToString(mac.Sum(nil)))
	// During a rotation, the second header has a signature with the previous secret.
	return hmac.Equal([]byte(header.Get("X-Webhook-Signature")), expected) ||
		hmac.Equal([]byte(header.Get("X-Webhook-Signature-Previous")), expected)
}

func answer(w http.ResponseWriter, r *http.Request) (int, any) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	if err != nil {
		return 413, nil
	}
	if !isAuthentic(r.Header, body) {
		return 400, "Invalid signature"
	}
	var event struct {
		ID, Type string
		Data     json.RawMessage
	}
	if err := json.Unmarshal(body, &event); err != nil {
		return 400, "Invalid JSON"
	}
	if event.Type == "webhook.verification" {
		return 200, event.Data // {"challenge": "…"}
	}
	// Your code: store the event, once for each ID, and handle it after the answer.
	log.Println("received", event.ID, event.Type)
	return 200, nil
}

func main() {
	if len(secret) == 0 {
		log.Fatal("WEBHOOK_SECRET is not set")
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on http://%s", listener.Addr())
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, content := answer(w, r)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(content)
	})
	server := http.Server{Handler: handler, ReadTimeout: 30 * time.Second}
	log.Fatal(server.Serve(listener))
}
