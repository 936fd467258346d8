//! What the source runs at once: executors, threads, semaphores, gathers, task groups.

use super::resolve::Entity;
use super::scopes::Index;
use super::tree::{Step, children, peel, walk};
use crate::model::{Callee, FanOut, FanOutKind, FunctionId, Module, Setting, Value};
use std::collections::BTreeMap;
use tree_sitter::Node;

impl<'t> Index<'t> {
    /// Lowers every fan-out of the file.
    pub fn lower_fan_outs(&self, calls: &[Node<'t>], module: &mut Module) {
        for &call in calls {
            let Some(function) = call.child_by_field_name("function") else { continue };
            let path = self.path_of(function).unwrap_or_default();
            let method = self.ast.field_text(function, "attribute");
            let fan_out = match (path.as_str(), method) {
                ("asyncio.gather" | "asyncio.wait" | "asyncio.as_completed", _) => self.gather(call),
                ("asyncio.create_task" | "asyncio.ensure_future", _) | (_, "create_task" | "start_soon") => {
                    self.spawn(call)
                }
                (
                    "asyncio.to_thread"
                    | "anyio.to_thread.run_sync"
                    | "starlette.concurrency.run_in_threadpool"
                    | "fastapi.concurrency.run_in_threadpool",
                    _,
                ) => self.threads(call, 0, None),
                (
                    "asyncio.run" | "asyncio.runners.run" | "anyio.run" | "uvloop.run" | "asgiref.sync.async_to_sync",
                    _,
                ) => self.event_loop(call),
                (_, "run_until_complete") if self.makes_loop(function) => self.event_loop(call),
                ("threading.Thread", _) => self.thread(call),
                (_, "run_in_executor") => self.threads(call, 1, None),
                (_, "submit" | "map" | "imap" | "imap_unordered" | "starmap" | "apply_async") => self.executor(call),
                ("asyncio.Semaphore" | "asyncio.BoundedSemaphore" | "anyio.Semaphore", _) => self.semaphore(call),
                _ => None,
            };
            module.fan_outs.extend(fan_out);
        }
    }

    fn fan_out(&self, call: Node<'t>, kind: FanOutKind, width: Option<i64>, runs: Vec<Callee>) -> FanOut {
        let text = self.ast.text(call).lines().next().unwrap_or_default().to_owned();
        let verb =
            call.child_by_field_name("function").map_or("", |function| self.ast.field_text(function, "attribute"));
        let each = matches!(verb, "map" | "imap" | "imap_unordered" | "starmap");
        FanOut { text, kind, width, place: self.place(call), runs, each }
    }

    /// `gather(*[f(x) for x in xs])`, `gather(f(1), f(2))`.
    fn gather(&self, call: Node<'t>) -> Option<FanOut> {
        let list = call.child_by_field_name("arguments")?;
        let arguments: Vec<Node<'t>> =
            children(list).into_iter().filter(|argument| argument.kind() != "keyword_argument").collect();
        let spread = list.kind() == "generator_expression"
            || arguments.iter().any(|argument| argument.kind() == "list_splat" || argument.kind() == "identifier");
        let mut width = (!spread).then_some(arguments.len() as i64);
        let mut runs = Vec::new();
        for argument in &arguments {
            let source = self.followed(peel(*argument));
            runs.extend(self.called_in(source));
            width = width.or_else(|| self.comprehension_width(source));
        }
        (width != Some(1)).then(|| self.fan_out(call, FanOutKind::Tasks, width, runs))
    }

    /// `create_task(f(x))` in a loop.
    fn spawn(&self, call: Node<'t>) -> Option<FanOut> {
        let repeated = !self.place(call).repeats.is_empty();
        let first = call.child_by_field_name("arguments").and_then(|list| children(list).first().copied())?;
        let mut runs = self.called_in(first);
        runs.extend(self.named_callee(first));
        repeated.then(|| self.fan_out(call, FanOutKind::Tasks, None, runs))
    }

    /// `asyncio.new_event_loop().run_until_complete(..)`, also through a local.
    fn makes_loop(&self, function: Node<'t>) -> bool {
        let Some(object) = function.child_by_field_name("object").map(|object| self.followed(peel(object))) else {
            return false;
        };
        let is_own = self.function_of(object).is_some() && self.function_of(object) == self.function_of(function);
        is_own && self.ast.text(object).contains("new_event_loop(")
    }

    /// `asyncio.run(f(x))`: an event loop of its own.
    fn event_loop(&self, call: Node<'t>) -> Option<FanOut> {
        let first = call.child_by_field_name("arguments").and_then(|list| children(list).first().copied())?;
        let mut runs = self.called_in(self.followed(peel(first)));
        runs.extend(self.named_callee(first));
        Some(self.fan_out(call, FanOutKind::Loop, None, runs))
    }

    fn threads(&self, call: Node<'t>, position: usize, width: Option<i64>) -> Option<FanOut> {
        let list = call.child_by_field_name("arguments")?;
        let target = children(list).get(position).copied()?;
        let mut runs: Vec<Callee> = self.named_callee(target).into_iter().collect();
        if target.kind() == "lambda" {
            runs.extend(self.called_in(target));
        }
        Some(self.fan_out(call, FanOutKind::Threads, width, runs))
    }

    /// `Thread(target=f)`, as many as a literal loop makes.
    fn thread(&self, call: Node<'t>) -> Option<FanOut> {
        let list = call.child_by_field_name("arguments")?;
        let target = children(list)
            .into_iter()
            .find(|argument| self.ast.field_text(*argument, "name") == "target")?
            .child_by_field_name("value")?;
        let repeated = self.ast.ancestors(call).find_map(|node| match node.kind() {
            "for_statement" => Some(node.child_by_field_name("right").and_then(|iterated| self.length(iterated))),
            "list_comprehension" | "generator_expression" => Some(self.comprehension_width(node)),
            _ => None,
        });
        let runs = self.named_callee(target).into_iter().collect();
        repeated.map(|width| self.fan_out(call, FanOutKind::Threads, width, runs))
    }

    /// `executor.submit(f, x)`, `pool.map(f, xs)`, with the width of the executor's construction.
    fn executor(&self, call: Node<'t>) -> Option<FanOut> {
        let object = call.child_by_field_name("function")?.child_by_field_name("object")?;
        let Entity::Instance(class) = self.resolve(object)? else { return None };
        let argument = match class.as_str() {
            "concurrent.futures.ThreadPoolExecutor" | "concurrent.futures.thread.ThreadPoolExecutor" => "max_workers",
            "multiprocessing.pool.ThreadPool" | "multiprocessing.dummy.Pool" => "processes",
            _ => return None,
        };
        let arguments = self.construction_arguments(object);
        let width = match arguments.get(argument).or(arguments.get("0")).map(|setting| &setting.value) {
            Some(Value::Int(width)) => Some(*width),
            _ => None,
        };
        self.threads(call, 0, width)
    }

    /// `Semaphore(n)`: as many as hold it at once; it runs what calls under `async with`.
    fn semaphore(&self, call: Node<'t>) -> Option<FanOut> {
        let (arguments, _) = self.arguments(call);
        let Some(Value::Int(width)) = arguments.get("0").or(arguments.get("value")).map(|setting| &setting.value)
        else {
            return None;
        };
        let flow = self.flow(call);
        let name = flow.name?;
        let holders = self.function_nodes.iter().enumerate().filter(|(_, node)| {
            let text = self.ast.text(**node);
            let opening = format!("async with {name}");
            let mut held = text.split(&opening).skip(1);
            let whole =
                |rest: &str| !rest.starts_with(|at: char| at.is_alphanumeric() || matches!(at, '_' | '.' | '('));
            held.any(whole) || text.contains(&format!("await {name}.acquire"))
        });
        let runs: Vec<Callee> = holders.map(|(at, _)| Callee::Function(FunctionId(at))).collect();
        (!runs.is_empty()).then(|| self.fan_out(call, FanOutKind::Tasks, Some(*width), runs))
    }

    /// Arguments of the call that constructed the value of `node`.
    fn construction_arguments(&self, node: Node<'t>) -> BTreeMap<String, Setting> {
        match self.setting(node).value {
            Value::Object(object) => object.arguments,
            _ => self.with_arguments(node).unwrap_or_default(),
        }
    }

    fn with_arguments(&self, node: Node<'t>) -> Option<BTreeMap<String, Setting>> {
        match self.only_def(node)? {
            super::scopes::Def::With(value) if value.kind() == "call" => Some(self.arguments(value).0),
            _ => None,
        }
    }

    fn followed(&self, node: Node<'t>) -> Node<'t> {
        match (node.kind(), self.only_def(node)) {
            ("identifier", Some(super::scopes::Def::Value(value))) => peel(value),
            _ => node,
        }
    }

    fn comprehension_width(&self, node: Node<'t>) -> Option<i64> {
        let clauses = children(node).into_iter().filter(|part| part.kind() == "for_in_clause");
        let mut clauses = clauses.map(|clause| clause.child_by_field_name("right"));
        match (clauses.next(), clauses.next()) {
            (Some(Some(iterated)), None) => self.length(iterated),
            _ => None,
        }
    }

    /// The number of items of `range(n)` or a literal list.
    fn length(&self, node: Node<'t>) -> Option<i64> {
        let node = self.followed(peel(node));
        match node.kind() {
            "list" | "tuple" | "set" => Some(children(node).len() as i64),
            "call" if self.ast.field_text(node, "function") == "range" => {
                let (arguments, _) = self.arguments(node);
                match (arguments.get("0").map(|setting| &setting.value), arguments.len()) {
                    (Some(Value::Int(count)), 1) => Some(*count),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What is called within an expression.
    fn called_in(&self, root: Node<'t>) -> Vec<Callee> {
        let mut found = Vec::new();
        let _ = walk(root, |step| {
            if let Step::Enter(node) = step
                && node.kind() == "call"
                && let Some(callee) = node.child_by_field_name("function")
                && let Some(callee) = self.callee(callee)
            {
                found.push(callee);
            }
        });
        found
    }
}
