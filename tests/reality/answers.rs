//! What the server answers: small JSON on every path, and what the SDKs of the LLM vendors expect on theirs.

use crate::record::InFlight;
use http_body_util::channel::Sender;
use http_body_util::{BodyExt, Channel, Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use serde_json::{Value, json};
use std::time::Duration;

type Answer = Either<Full<Bytes>, Channel<Bytes>>;

/// Answers when nobody else has come for `delay`; a stream takes as long again.
pub async fn answer(
    request: Request<Incoming>,
    in_flight: InFlight,
    delay: Duration,
) -> Result<Response<Answer>, hyper::Error> {
    let path = request.uri().path().to_owned();
    let body = request.into_body().collect().await?.to_bytes();
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    while let Some(left) = delay.checked_sub(in_flight.quiet()).filter(|left| !left.is_zero()) {
        tokio::time::sleep(left).await;
    }
    if asked["stream"] != json!(true) {
        let body = Full::new(Bytes::from(whole(&path).to_string()));
        return Ok(with_type("application/json", Either::Left(body)));
    }
    let (sender, body) = Channel::new(1);
    let events = events(&path);
    let pause = delay / u32::try_from(events.len()).unwrap_or(1);
    tokio::spawn(send(sender, events, pause, in_flight));
    Ok(with_type("text/event-stream", Either::Right(body)))
}

fn with_type(content_type: &'static str, body: Answer) -> Response<Answer> {
    let mut response = Response::new(body);
    response.headers_mut().insert("content-type", hyper::header::HeaderValue::from_static(content_type));
    response
}

/// Sends the events with a pause before each, until the client is gone.
async fn send(mut sender: Sender<Bytes>, events: Vec<String>, pause: Duration, _in_flight: InFlight) {
    for event in events {
        tokio::time::sleep(pause).await;
        if sender.send_data(Bytes::from(event)).await.is_err() {
            return;
        }
    }
}

fn whole(path: &str) -> Value {
    let usage = json!({"input_tokens": 3, "output_tokens": 2});
    match path.rsplit('/').next() {
        Some("messages") => json!({
            "id": "msg_1", "type": "message", "role": "assistant", "model": "made-up",
            "content": [{"type": "text", "text": "Hello."}],
            "stop_reason": "end_turn", "stop_sequence": null, "usage": usage,
        }),
        Some("completions") => json!({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "made-up",
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello."}}],
            "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
        }),
        Some("responses") => response("completed", &json!([message("completed", &json!([text("Hello.")]))])),
        Some("embeddings") => json!({
            "object": "list", "model": "made-up",
            "data": [{"object": "embedding", "index": 0, "embedding": [0.0, 1.0]}],
            "usage": {"prompt_tokens": 3, "total_tokens": 3},
        }),
        _ => json!({"path": path}),
    }
}

fn text(text: &str) -> Value {
    json!({"type": "output_text", "text": text, "annotations": []})
}

fn message(status: &str, content: &Value) -> Value {
    json!({"id": "msg_1", "type": "message", "role": "assistant", "status": status, "content": content})
}

fn response(status: &str, output: &Value) -> Value {
    json!({
        "id": "resp_1", "object": "response", "created_at": 1, "model": "made-up", "status": status, "output": output,
        "error": null, "incomplete_details": null, "instructions": null, "metadata": {}, "parallel_tool_calls": true,
        "temperature": 1.0, "tool_choice": "auto", "tools": [], "top_p": 1.0,
    })
}

/// The same answers as server-sent events.
fn events(path: &str) -> Vec<String> {
    match path.rsplit('/').next() {
        Some("messages") => named(message_events()),
        Some("responses") => named(response_events()),
        _ => chunks(),
    }
}

/// Events that carry their type in the data and in a line of its own.
fn named(events: Vec<Value>) -> Vec<String> {
    events.iter().map(|data| format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap_or(""))).collect()
}

fn message_events() -> Vec<Value> {
    let start = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "made-up", "content": [],
        "stop_reason": null, "stop_sequence": null, "usage": {"input_tokens": 3, "output_tokens": 0},
    });
    let delta =
        |text| json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}});
    vec![
        json!({"type": "message_start", "message": start}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        delta("Hel"),
        delta("lo."),
        json!({"type": "content_block_stop", "index": 0}),
        json!({
            "type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": null},
            "usage": {"output_tokens": 2},
        }),
        json!({"type": "message_stop"}),
    ]
}

fn response_events() -> Vec<Value> {
    let place = json!({"item_id": "msg_1", "output_index": 0, "content_index": 0});
    let at = |rest: Value| {
        let (Value::Object(place), Value::Object(rest)) = (place.clone(), rest) else { return Value::Null };
        Value::Object(place.into_iter().chain(rest).collect())
    };
    let done = message("completed", &json!([text("Hello.")]));
    let begun = message("in_progress", &json!([]));
    let mut events = vec![
        json!({"type": "response.created", "response": response("in_progress", &json!([]))}),
        json!({"type": "response.output_item.added", "output_index": 0, "item": begun}),
        at(json!({"type": "response.content_part.added", "part": text("")})),
        at(json!({"type": "response.output_text.delta", "delta": "Hello.", "logprobs": []})),
        at(json!({"type": "response.output_text.done", "text": "Hello.", "logprobs": []})),
        json!({"type": "response.output_item.done", "output_index": 0, "item": done}),
        json!({"type": "response.completed", "response": response("completed", &json!([done]))}),
    ];
    for (number, event) in events.iter_mut().enumerate() {
        event["sequence_number"] = json!(number);
    }
    events
}

/// Events of chat completions: data only, and a word at the end.
fn chunks() -> Vec<String> {
    let chunk = |delta: Value, reason: Value| {
        json!({
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "made-up",
            "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
        })
    };
    let data = [
        chunk(json!({"role": "assistant", "content": ""}), Value::Null).to_string(),
        chunk(json!({"content": "Hel"}), Value::Null).to_string(),
        chunk(json!({"content": "lo."}), Value::Null).to_string(),
        chunk(json!({}), json!("stop")).to_string(),
        "[DONE]".to_owned(),
    ];
    data.iter().map(|data| format!("data: {data}\n\n")).collect()
}
