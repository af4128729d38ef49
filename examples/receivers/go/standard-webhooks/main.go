// Command standard-webhooks verifies requests with the library of Standard Webhooks.
package main

import (
	"log"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"webhook-receiver/receiver"
)

func main() {
	webhook, err := standardwebhooks.NewWebhook(receiver.Secret())
	if err != nil {
		log.Fatal(err)
	}
	// Verify also refuses a timestamp that is more than 5 minutes old or in the future.
	receiver.Run(webhook.Verify)
}
