// Command x-webhook-signature verifies requests with the header X-Webhook-Signature.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"

	"webhook-receiver/receiver"
)

// tolerance refuses replayed requests: recorded ones that are sent again later. Retries have a timestamp of their own.
const tolerance = 5 * time.Minute

// During the grace time of a rotation, the second header has a signature with the previous secret.
var signatureHeaders = []string{"X-Webhook-Signature", "X-Webhook-Signature-Previous"}

var errNotAuthentic = errors.New("no signature is valid")

func main() {
	secret := []byte(receiver.Secret())
	receiver.Run(func(body []byte, header http.Header) error {
		return verify(secret, body, header)
	})
}

func verify(secret, body []byte, header http.Header) error {
	timestamp := header.Get("X-Webhook-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return err
	}
	if age := time.Since(time.Unix(seconds, 0)); age.Abs() > tolerance {
		return errors.New("the timestamp is too old or too new")
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	expected := []byte("sha256=" + hex.EncodeToString(mac.Sum(nil)))
	for _, name := range signatureHeaders {
		// hmac.Equal takes the same time wherever the texts differ.
		if hmac.Equal([]byte(header.Get(name)), expected) {
			return nil
		}
	}
	return errNotAuthentic
}
