"""Whose language is it? One line a case: what is expected, then the message."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from models.language import identify

MESSAGES = """
en|where is my parcel
en|cancel order 1004
en|thanks
en|hello
en|red running shoes size 42
en|I want to return my shoes, they don't fit
en|do you ship to Brazil?
en|cheapest headphones
en|what sold best last month
en|where is my Bestellung
en|track HT100000103CN please
zh|你好
zh|我的包裹在哪里
zh|取消订单1004
zh|谢谢
zh|有没有红色的鞋
zh|请问 Nordvik Lamp 有货吗
zh|BAG-0012 多少钱
zh|iPhone 手机壳
zh|什么快卖完了
zh|寄到巴西要多久
zh|我要退货
es|hola
es|gracias 1001
es|¿dónde está mi paquete?
es|quiero devolver los zapatos
es|mis pedidos
es|zapatillas rojas talla 38
es|cancela el pedido 1004 por favor
es|¿cuánto tarda el envío a Brasil?
es|buenos días
es|hablar con una persona
es|qué se vendió más el mes pasado
pt|olá
pt|obrigado
pt|onde está meu pacote
pt|quero devolver o sapato, não serviu
pt|meus pedidos
pt|tênis de corrida vermelho
pt|cancela o pedido 1004, por favor
pt|quanto tempo demora o envio?
pt|bom dia
pt|falar com uma pessoa
pt|o que está acabando no estoque
fr|bonjour
fr|merci beaucoup
fr|où est mon colis
fr|je veux retourner les chaussures
fr|mes commandes
fr|annule la commande 1004
fr|un cadeau pour mon père
fr|parler à un humain
fr|combien de temps pour livrer au Brésil
fr|lequel est le mieux des deux
fr|quelles commandes doivent partir aujourd'hui
de|hallo
de|danke
de|wo ist mein Paket
de|ich will meine Schuhe zurückgeben
de|meine Bestellungen
de|Bestellung 1004 stornieren
de|rote Laufschuhe Größe 42
de|welche Zahlungsarten gibt es
de|mit einem Menschen sprechen
de|was muss ich nachbestellen
de|guten Morgen
it|ciao, come va?
it|grazie mille
it|dov'è il mio pacco
it|voglio rendere le scarpe
it|i miei ordini
it|annulla l'ordine 1004
it|scarpe da corsa rosse
it|quali pagamenti accettate
it|voglio parlare con una persona
it|buongiorno
it|cosa ha venduto di più il mese scorso
ja|こんにちは
ja|ありがとう
ja|荷物は今どこ
ja|注文1004をキャンセルして
ja|靴を返品したい
ja|赤いランニングシューズ
ja|Bluetoothイヤホンを探しています
ja|人と話したい
ja|支払い方法
ja|購入履歴
ja|HT100000103CN はどこですか
ko|안녕하세요
ko|감사합니다
ko|내 택배 어디예요
ko|1004번 주문 취소해줘
ko|신발 반품할래요
ko|Bluetooth 이어폰 추천
ko|상담원 연결
ko|결제 수단 뭐 있어요
ko|뭐가 떨어져가
ko|ㅋㅋㅋ 고마워
ko|빨간 운동화
ru|привет
ru|спасибо
ru|где моя посылка
ru|отмени заказ 1004
ru|хочу вернуть ботинки
ru|красные кроссовки
ru|самые дешёвые наушники Bluetooth
ru|способы оплаты
ru|да
ru|что заканчивается
ru|заказ
ar|مرحبا
ar|شكرا
ar|أين طردي
ar|ألغ الطلب 1004
ar|أريد إرجاع الحذاء
ar|سلام
ar|سماعات Bluetooth رخيصة
ar|طرق الدفع
ar|كم بعنا اليوم
ar|خدمة العملاء
ar|ابي شنطة
tr|merhaba
tr|teşekkürler
tr|paketim nerede
tr|1004 numaralı siparişi iptal et
tr|ayakkabıları iade etmek istiyorum
tr|siparişlerim
tr|kırmızı koşu ayakkabısı
tr|hangi ödeme yöntemleri var
tr|temsilciye bağla
tr|günaydın
tr|bugün ne kadar sattık
nl|waar is mijn pakket
nl|ik wil mijn schoenen terugsturen
nl|goedemorgen, hoeveel kost de verzending?
pl|gdzie jest moja paczka
pl|chcę zwrócić buty
pl|dzień dobry
vi|đơn hàng của tôi đâu rồi
vi|tôi muốn trả lại giày
th|พัสดุของฉันอยู่ที่ไหน
th|ขอบคุณ
el|πού είναι το δέμα μου
he|איפה החבילה שלי
uk|де моя посилка, вона мала прийти вчора
hi|मेरा पार्सल कहाँ है
sv|var är mitt paket, jag väntar fortfarande
cs|kde je můj balík, čekám už týden
ro|unde este coletul meu, vreau să îl returnez
hu|hol van a csomagom
fa|سفارش من کجاست؟ میخواهم پس بدهم
"""

CASES = [tuple(line.split("|")) for line in MESSAGES.split("\n") if line]


@pytest.mark.parametrize(("language", "message"), CASES)
def test_the_language_of_a_message_does_not_hang_on_the_reader(language: str, message: str) -> None:
    assert [identify(message, reader) for reader in ("en", "de", "ko")] == [language] * 3


@pytest.mark.parametrize(
    "message",
    [
        "",
        "   ",
        "1001",
        "HT100000103CN",
        "BAG-0012",
        "🙂🙂",
        "???",
        "https://demo.shop/mug",
        "a@b.example",
        "ok",
        "\x00\x01",
    ],
)
def test_no_words_leave_the_readers_language(message: str) -> None:
    assert [identify(message, reader) for reader in ("tr", "zh")] == ["tr", "zh"]


def test_characters_of_two_languages_go_to_the_reader_who_uses_one() -> None:
    assert (identify("注文", "ja"), identify("注文", "zh"), identify("注文", "en")) == ("ja", "zh", "zh")


def test_the_larger_part_of_a_mixed_message_decides() -> None:
    assert identify("hello 我的订单还没有到，怎么办", "en") == "zh"
    assert identify("do you have 抹茶", "zh") == "en"


def test_a_very_long_message_is_read_at_its_beginning() -> None:
    assert identify("où est mon colis " * 10_000, "en") == "fr"


def test_threads_do_not_disturb_each_other() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda case: identify(case[1], "en"), CASES * 5))
    assert found == [language for language, _ in CASES] * 5
