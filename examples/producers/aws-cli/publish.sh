DATA='{"file_id":"file_1","user_id":"user_1","name":"café.pdf","content_type":"application/pdf","size":1024}'
# In ASCII: SQS refuses some characters that PutEvents accepts.
DETAIL=$(jq -n --ascii-output --argjson data "$DATA" '{account_id: "acct_1", id: "evt_44", data: $data}')
ENTRIES=$(jq -n --arg bus "$EVENT_BUS_NAME" --arg detail "$DETAIL" '[{
  EventBusName: $bus, Source: "shop", DetailType: "file.uploaded", Detail: $detail
}]')
aws events put-events --entries "$ENTRIES" | jq -e '.FailedEntryCount == 0'
