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
	// tolerance refuses recorded requests that are sent again later. Retries have a timestamp of their own.
	tolerance = 5 * time.Minute
	// maxBodyBytes is the limit of the sender, 256 KiB.
	maxBodyBytes = 256 << 10
)

type event struct {
	ID   string          `json:"id"`
	Type string          `json:"type"`
	Data json.RawMessage `json:"data"`
}

// isAuthentic needs the bytes as they were received: JSON that was parsed and written again has other bytes.
func isAuthentic(secret, body []byte, header http.Header) bool {
	timestamp := header.Get("X-Webhook-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > tolerance {
		return false
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	expected := []byte("sha256=" + hex.EncodeToString(mac.Sum(nil)))
	// The second header is by the previous secret, while a rotation's grace time lasts.
	for _, name := range []string{"X-Webhook-Signature", "X-Webhook-Signature-Previous"} {
		// hmac.Equal takes the same time wherever the texts differ.
		if hmac.Equal([]byte(header.Get(name)), expected) {
			return true
		}
	}
	return false
}

func answer(secret []byte, w http.ResponseWriter, r *http.Request) (int, map[string]string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	if err != nil {
		return http.StatusRequestEntityTooLarge, map[string]string{"error": "Body too large"}
	}
	if !isAuthentic(secret, body, r.Header) {
		return http.StatusBadRequest, map[string]string{"error": "Invalid signature"}
	}
	var received event
	if err := json.Unmarshal(body, &received); err != nil {
		return http.StatusBadRequest, map[string]string{"error": "Invalid JSON"}
	}
	if received.Type == "webhook.verification" {
		var data struct{ Challenge string }
		if err := json.Unmarshal(received.Data, &data); err != nil {
			return http.StatusBadRequest, map[string]string{"error": "Invalid challenge"}
		}
		return http.StatusOK, map[string]string{"challenge": data.Challenge}
	}
	// Your code: store the event, once for each ID, and handle it after the answer.
	log.Println("received", received.ID, received.Type)
	return http.StatusOK, map[string]string{"status": "success"}
}

func main() {
	secret := os.Getenv("WEBHOOK_SECRET")
	if secret == "" { // with an empty key anybody could sign
		log.Fatal("WEBHOOK_SECRET is not set: expected is the secret of the webhook")
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
		status, content := answer([]byte(secret), w, r)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(content)
	})
	server := http.Server{Handler: handler, ReadTimeout: 30 * time.Second}
	log.Fatal(server.Serve(listener))
}
