//! A pipe on a channel whose network is the test.

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

const PACKET: usize = 60_000;

struct Fixture {
    channel: RtcDataChannel,
    pipe: Pipe,
    told: Rc<RefCell<Vec<News>>>,
}

impl Fixture {
    fn new() -> Self {
        let channel = Function::new_no_args(
            "return {
                sent: [],
                bufferedAmount: 0,
                readyState: 'open',
                send(bytes) {
                    if (this.broken) throw new Error('broken');
                    this.sent.push(bytes.slice());
                    this.bufferedAmount += bytes.length;
                },
                close() { this.readyState = 'closed' },
            }",
        );
        let channel = channel.call0(&JsValue::NULL).unwrap().unchecked_into::<RtcDataChannel>();
        let told = Rc::<RefCell<Vec<News>>>::default();
        let tell = {
            let told = Rc::clone(&told);
            Rc::new(move |news| told.borrow_mut().push(news))
        };
        Self { pipe: Pipe::new(channel.clone(), tell), channel, told }
    }

    fn set(&self, name: &str, value: impl Into<JsValue>) {
        Reflect::set(&self.channel, &name.into(), &value.into()).unwrap();
    }

    /// The numbers of the packets that were handed to the channel.
    fn sent(&self) -> Vec<u8> {
        let sent = Reflect::get(&self.channel, &"sent".into()).unwrap();
        let packets = sent.unchecked_into::<Array>().into_iter();
        packets.map(|packet| packet.unchecked_into::<Uint8Array>().get_index(0)).collect()
    }

    /// Calls a listener of the channel with an event.
    fn happens(&self, listener: &str, event: &JsValue) {
        let listener = Reflect::get(&self.channel, &listener.into()).unwrap();
        listener.unchecked_into::<Function>().call1(&self.channel, event).unwrap();
    }

    fn drain(&self) {
        self.set("bufferedAmount", 0);
        self.happens("onbufferedamountlow", &JsValue::UNDEFINED);
    }
}

fn packet(number: u8) -> Vec<u8> {
    vec![number; PACKET]
}

#[test]
fn a_channel_is_never_filled_up_and_all_leaves_in_order() {
    let fixture = Fixture::new();
    for number in 0..100 {
        fixture.pipe.send(&packet(number));
    }
    let full = u8::try_from(1_048_576 / PACKET + 1).unwrap();
    assert_eq!(fixture.sent(), Vec::from_iter(0..full), "no more than 1 MiB and one message");
    fixture.drain();
    assert_eq!(fixture.sent(), Vec::from_iter(0..2 * full));
    // Room or not: what is sent now comes after all that waits.
    fixture.set("bufferedAmount", 0);
    fixture.pipe.send(&packet(100));
    assert_eq!(fixture.sent().len(), usize::from(2 * full));
    while fixture.sent().len() < 101 {
        let before = fixture.sent().len();
        fixture.drain();
        assert!(fixture.sent().len() > before);
    }
    assert_eq!(fixture.sent(), Vec::from_iter(0..101));
}

#[test]
fn what_happens_to_the_channel_is_told() {
    let fixture = Fixture::new();
    let came = |data: &JsValue| {
        let event = js_sys::Object::new();
        Reflect::set(&event, &"data".into(), data).unwrap();
        fixture.happens("onmessage", &event);
    };
    fixture.happens("onopen", &JsValue::UNDEFINED);
    came(&Uint8Array::from(&[1, 2, 3][..]).buffer());
    came(&"text".into());
    fixture.happens("onclose", &JsValue::UNDEFINED);
    assert!(matches!(
        &fixture.told.borrow()[..],
        [News::Opened, News::Message(bytes), News::Message(text), News::Closed(_)]
            if bytes == &[1, 2, 3] && text.is_empty()
    ));
}

#[test]
fn a_channel_that_takes_no_more_is_closed() {
    let fixture = Fixture::new();
    fixture.set("broken", true);
    fixture.pipe.send(&packet(0));
    assert_eq!(fixture.channel.ready_state(), RtcDataChannelState::Closed);
}

#[test]
fn a_dropped_pipe_closes_its_channel_and_hears_nothing() {
    let Fixture { channel, pipe, .. } = Fixture::new();
    drop(pipe);
    assert_eq!(channel.ready_state(), RtcDataChannelState::Closed);
    for listener in ["onopen", "onmessage", "onbufferedamountlow", "onclose"] {
        assert!(Reflect::get(&channel, &listener.into()).unwrap().is_falsy(), "{listener}");
    }
}
