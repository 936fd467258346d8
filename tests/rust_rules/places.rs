//! Where a suggestion puts a client, on code as the front end reads it.

use crate::support::Case;
use coldcall::finding::Finding;

fn found(text: &str) -> Finding {
    Case::read(text).only("client-per-call")
}

fn in_loop(body: &str) -> Finding {
    found(&format!(
        "use reqwest::Client;\nasync fn all(pages: &[u32], agent: &str) -> reqwest::Result<()> {{\n    for page in pages {{\n{body}\n    }}\n    Ok(())\n}}\n"
    ))
}

#[test]
fn a_builder_over_statements_gives_no_code() {
    let found = in_loop(
        "let builder = Client::builder(); let builder = builder.timeout(LONG); let client = builder.build()?; client.get(URL).send().await?;",
    );
    assert!(found.help.starts_with("Build it once, above the loop"), "{}", found.help);
    assert_eq!(found.suggestion, None);
}

#[test]
fn what_is_made_in_the_loop_keeps_a_client_there() {
    let body = "let ua = format!(\"{agent}/1\"); let client = Client::builder().user_agent(ua).build()?; client.get(URL).send().await?;";
    let found = in_loop(body);
    assert!(found.help.contains("made in the loop (`ua`)") && !found.help.contains("Build it once"), "{}", found.help);
    assert_eq!(found.suggestion, None);
    let body =
        "let client = Client::builder().user_agent(format!(\"{page}\")).build()?; client.get(URL).send().await?;";
    let case =
        Case::read(&format!("use reqwest::Client;\nasync fn all(pages: &[u32]) {{ for page in pages {{ {body} }} }}"));
    let found = case.find("client-per-call").remove(0);
    assert!(!found.help.contains("Build it once"), "{}", found.help);
    assert_eq!(found.suggestion, None);
}

#[test]
fn what_the_loop_changes_keeps_a_client_there() {
    for (change, said) in [
        ("agent = next()", "made in the loop"),
        ("headers.insert(KEY, page)", "what each turn of the loop brings (`page`)"),
    ] {
        let text = format!(
            "use reqwest::Client;\nasync fn all(pages: &[u32]) {{\n    let mut agent = first();\n    let mut headers = HeaderMap::new();\n    for page in pages {{\n        {change};\n        let client = Client::builder().user_agent(&agent).default_headers(headers.clone()).build().unwrap();\n        client.get(URL).send().await;\n    }}\n}}\n"
        );
        let found = found(&text);
        assert!(found.help.contains(said), "{change}: {}", found.help);
        assert_eq!(found.suggestion, None);
    }
}

#[test]
fn a_question_mark_stays_in_its_block() {
    let body =
        "let task = async move { let client = Client::builder().build()?; client.get(URL).send().await }; task.await?;";
    let found = in_loop(body);
    let code = found.suggestion.unwrap();
    assert!(code.contains(".expect(") && !code.contains('?'), "{code}");
    let body = "let task = async move { let client = Client::builder().identity(read(PATH)?).build()?; client.get(URL).send().await }; task.await?;";
    assert_eq!(in_loop(body).suggestion, None);
    let code = in_loop("let client = Client::builder().build()?; client.get(URL).send().await?;").suggestion.unwrap();
    assert!(code.starts_with("let client = Client::builder().build()?;\nfor page in pages {"), "{code}");
}

#[test]
fn nested_loops_get_it_above_the_outermost_that_allows_it() {
    let text = |agent: &str| {
        format!(
            "use reqwest::Client;\nasync fn all(hosts: &[String]) -> reqwest::Result<()> {{\n    for host in hosts {{\n        let ua = host.to_owned();\n        for page in 0..9 {{\n            let client = Client::builder().user_agent({agent}).build()?;\n            client.get(URL).send().await?;\n        }}\n    }}\n    Ok(())\n}}\n"
        )
    };
    let code = found(&text("AGENT")).suggestion.unwrap();
    assert!(code.contains("\nfor host in hosts {"), "{code}");
    let code = found(&text("&ua")).suggestion.unwrap();
    assert!(code.contains("\nfor page in 0..9 {"), "{code}");
}

#[test]
fn a_blocking_client_behind_async_code_is_not_shared() {
    let threads = "async fn rates() {\n    tokio::task::spawn_blocking(|| {\n        let client = reqwest::blocking::Client::new();\n        client.get(\"https://a.example.com/\").send()\n    }).await;\n}\n";
    let helper = "fn fetch() {\n    let client = reqwest::blocking::Client::new();\n    client.get(\"https://a.example.com/\").send();\n}\nasync fn rates(id: u32) { fetch() }\n";
    for text in [threads, helper] {
        let found = found(text);
        assert!(found.help.contains("the async `reqwest::Client`"), "{}", found.help);
        assert_eq!(found.suggestion, None);
    }
    let sync = found(
        "fn fetch(id: u32) {\n    let client = reqwest::blocking::Client::new();\n    client.get(\"https://a.example.com/\").send();\n}\n",
    );
    assert!(sync.suggestion.unwrap().contains("static HTTP"), "{}", sync.help);
}

fn method(declaration: &str, receiver: &str, built: &str) -> Finding {
    let (generic, name) = if declaration.contains("<T>") { ("<T>", "Api<T>") } else { ("", "Api") };
    found(&format!(
        "use reqwest::Client;\n{declaration}\nimpl{generic} {name} {{\n    pub async fn fetch({receiver}) {{\n        let client = {built};\n        client.get(URL).send().await;\n    }}\n}}\n"
    ))
}

#[test]
fn only_a_plain_struct_gets_a_field_with_code() {
    for (declaration, coded) in [
        ("struct Api { key: String }", true),
        ("struct Api;", true),
        ("struct Api { client: Client }", false),
        ("struct Api(String);", false),
        ("struct Api<T> { key: T }", false),
        ("#[derive(Debug, Clone)] struct Api { key: String }", true),
        ("#[derive(PartialEq)] struct Api { key: String }", false),
    ] {
        let found = method(declaration, "&self", "Client::new()");
        assert!(found.help.contains("field of `Api`"), "{declaration}: {}", found.help);
        assert_eq!(found.suggestion.is_some(), coded, "{declaration}: {found:#?}");
    }
    for (declaration, receiver) in [("enum Api { One, Two }", "&self"), ("struct Api { key: String }", "id: u32")] {
        let found = method(declaration, receiver, "Client::new()");
        assert!(!found.help.contains("field of"), "{declaration}: {}", found.help);
        assert!(found.suggestion.unwrap().contains("static HTTP"), "{declaration}");
    }
}

#[test]
fn what_the_object_holds_tells_where_to_build() {
    let of_config =
        method("struct Api { config: Config }", "&self", "Client::builder().user_agent(self.config.clone()).build()");
    assert!(
        of_config.help.starts_with("Keep one in a field of `Api`, built where `self.config` is set"),
        "{}",
        of_config.help
    );
    let of_call =
        method("struct Api { config: Config }", "&self", "Client::builder().user_agent(self.agent()).build()");
    assert!(
        of_call.help.starts_with("Keep one in a field of `Api`, built where the `Api` is made"),
        "{}",
        of_call.help
    );
    assert_eq!((of_config.suggestion, of_call.suggestion), (None, None));
}

#[test]
fn data_keeps_no_client() {
    let text = |derive: &str| {
        format!(
            "use reqwest::Client;\n#[derive({derive})]\nstruct Api {{ key: String }}\nimpl Api {{\n    pub async fn fetch(&self) {{\n        let client = Client::new();\n        client.get(URL).send().await;\n    }}\n}}\n"
        )
    };
    assert!(found(&text("Debug")).help.contains("field of `Api`"));
    let data = found(&text("Debug, serde::Deserialize"));
    assert!(!data.help.contains("field of"), "{}", data.help);
}

#[test]
fn what_cannot_be_written_elsewhere_is_no_code() {
    for built in [
        "async_openai::Client::new()",
        "hyper::Client::new()",
        "reqwest::Client::builder().user_agent(Self::AGENT).build().unwrap()",
        "reqwest::Client::builder().user_agent(T::AGENT).build().unwrap()",
        "awc::Client::new()",
    ] {
        let found = found(&format!(
            "async fn fetch(id: u32) {{\n    let client = {built};\n    client.get(URL).send().await;\n}}\n"
        ));
        assert_eq!(found.suggestion, None, "{built}");
    }
}

#[test]
fn a_library_takes_its_client_by_the_type_that_it_uses() {
    let mut case = Case::read(
        "use reqwest::blocking::Client;\npub fn fetch(id: u32) {\n    let client = Client::new();\n    client.get(URL).send();\n}\n",
    );
    case.project.is_library = true;
    let found = case.only("client-per-call");
    assert!(found.help.contains("(`&Client`)"), "{}", found.help);
    let mut case = Case::read(
        "pub fn fetch(id: u32) {\n    let client = reqwest::blocking::Client::new();\n    client.get(URL).send();\n}\n",
    );
    case.project.is_library = true;
    let found = case.only("client-per-call");
    assert!(found.help.contains("(`&reqwest::blocking::Client`)"), "{}", found.help);
}
