"""One invoice that carries the rarer terms, in both syntaxes: for reading only, no rule judges it."""

from __future__ import annotations

UBL = """<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>F-1</cbc:ID><cbc:IssueDate>2026-11-24</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
<cbc:Note>Sans code sujet</cbc:Note><cbc:TaxPointDate>2026-01-05</cbc:TaxPointDate>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>USD</cbc:TaxCurrencyCode>
<cbc:AccountingCost>4711</cbc:AccountingCost>
<cac:InvoicePeriod><cbc:StartDate>2026-01-01</cbc:StartDate><cbc:EndDate>2026-01-31</cbc:EndDate></cac:InvoicePeriod>
<cac:OrderReference><cbc:ID>BC-1</cbc:ID><cbc:SalesOrderID>CV-1</cbc:SalesOrderID></cac:OrderReference>
<cac:OriginatorDocumentReference><cbc:ID>AO-1</cbc:ID></cac:OriginatorDocumentReference>
<cac:AdditionalDocumentReference><cbc:ID>COMPTEUR</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>
</cac:AdditionalDocumentReference>
<cac:AdditionalDocumentReference><cbc:ID>PJ-1</cbc:ID><cac:Attachment><cac:ExternalReference>
<cbc:URI>https://exemple.example/pj</cbc:URI></cac:ExternalReference></cac:Attachment></cac:AdditionalDocumentReference>
<cac:AccountingSupplierParty><cac:Party>
<cac:PartyIdentification><cbc:ID schemeID="SEPA">FR00ZZZ123456</cbc:ID></cac:PartyIdentification>
<cac:PostalAddress><cac:AddressLine><cbc:Line>Bâtiment C</cbc:Line></cac:AddressLine></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>FR00</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:PartyTaxScheme>
<cac:PartyTaxScheme><cbc:CompanyID>LOCAL-1</cbc:CompanyID><cac:TaxScheme><cbc:ID>LOC</cbc:ID></cac:TaxScheme>
</cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>Vendeur</cbc:RegistrationName></cac:PartyLegalEntity>
</cac:Party></cac:AccountingSupplierParty>
<cac:PayeeParty><cac:PartyName><cbc:Name>Affactureur</cbc:Name></cac:PartyName></cac:PayeeParty>
<cac:Delivery><cac:DeliveryParty><cac:PartyName><cbc:Name>Gymnase</cbc:Name></cac:PartyName></cac:DeliveryParty>
</cac:Delivery>
<cac:PaymentMeans><cbc:PaymentMeansCode>49</cbc:PaymentMeansCode><cbc:PaymentDueDate>2026-12-24</cbc:PaymentDueDate>
<cbc:PaymentID>REF-1</cbc:PaymentID><cac:PaymentMandate><cbc:ID>RUM-1</cbc:ID></cac:PaymentMandate></cac:PaymentMeans>
<cac:PaymentTerms><cbc:Note>À trente jours</cbc:Note></cac:PaymentTerms>
<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>
<cbc:AllowanceChargeReason>Port</cbc:AllowanceChargeReason>
<cbc:MultiplierFactorNumeric>5</cbc:MultiplierFactorNumeric><cbc:Amount currencyID="EUR">1.00</cbc:Amount>
<cbc:BaseAmount currencyID="EUR">20</cbc:BaseAmount></cac:AllowanceCharge>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">5</cbc:TaxAmount></cac:TaxTotal>
<cac:TaxTotal><cbc:TaxAmount currencyID="USD">6.5</cbc:TaxAmount></cac:TaxTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:Note>Livré en deux fois</cbc:Note>
<cbc:InvoicedQuantity unitCode="HUR">3</cbc:InvoicedQuantity>
<cbc:AccountingCost>6061</cbc:AccountingCost>
<cac:InvoicePeriod><cbc:EndDate>2026-02-02</cbc:EndDate></cac:InvoicePeriod>
<cac:OrderLineReference><cbc:LineID>7</cbc:LineID></cac:OrderLineReference>
<cac:DocumentReference><cbc:ID>OBJ-1</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:DocumentReference>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
<cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode><cbc:Amount currencyID="EUR">2</cbc:Amount>
</cac:AllowanceCharge>
<cac:Item><cbc:Name>Article</cbc:Name>
<cac:SellersItemIdentification><cbc:ID>REF-V</cbc:ID></cac:SellersItemIdentification>
<cac:StandardItemIdentification><cbc:ID schemeID="0160">3600000000000</cbc:ID></cac:StandardItemIdentification>
<cac:OriginCountry><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:OriginCountry>
<cac:CommodityClassification><cbc:ItemClassificationCode listID="STI">90910000</cbc:ItemClassificationCode>
</cac:CommodityClassification>
<cac:AdditionalItemProperty><cbc:Name>Couleur</cbc:Name><cbc:Value>Rouge</cbc:Value></cac:AdditionalItemProperty>
</cac:Item>
<cac:Price><cbc:PriceAmount currencyID="EUR">1.12345</cbc:PriceAmount>
<cbc:BaseQuantity unitCode="HUR">1</cbc:BaseQuantity>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">0.1</cbc:Amount>
<cbc:BaseAmount currencyID="EUR">1.22345</cbc:BaseAmount></cac:AllowanceCharge></cac:Price></cac:InvoiceLine>
</Invoice>"""

_JOUR = '<{0}><udt:DateTimeString format="102">{1}</udt:DateTimeString></{0}>'
CII = f"""<rsm:CrossIndustryInvoice
 xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocument><ram:ID>F-1</ram:ID><ram:TypeCode>380</ram:TypeCode>
{_JOUR.format("ram:IssueDateTime", "20261124")}
<ram:IncludedNote><ram:Content>Sans code sujet</ram:Content></ram:IncludedNote></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction><ram:IncludedSupplyChainTradeLineItem>
<ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID>
<ram:IncludedNote><ram:Content>Livré en deux fois</ram:Content></ram:IncludedNote></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:GlobalID schemeID="0160">3600000000000</ram:GlobalID>
<ram:SellerAssignedID>REF-V</ram:SellerAssignedID><ram:Name>Article</ram:Name>
<ram:ApplicableProductCharacteristic><ram:Description>Couleur</ram:Description><ram:Value>Rouge</ram:Value>
</ram:ApplicableProductCharacteristic>
<ram:DesignatedProductClassification><ram:ClassCode listID="STI">90910000</ram:ClassCode>
</ram:DesignatedProductClassification>
<ram:OriginTradeCountry><ram:ID>FR</ram:ID></ram:OriginTradeCountry></ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement><ram:BuyerOrderReferencedDocument><ram:LineID>7</ram:LineID>
</ram:BuyerOrderReferencedDocument>
<ram:GrossPriceProductTradePrice><ram:ChargeAmount>1.22345</ram:ChargeAmount><ram:AppliedTradeAllowanceCharge>
<ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>0.10</ram:ActualAmount>
</ram:AppliedTradeAllowanceCharge></ram:GrossPriceProductTradePrice>
<ram:NetPriceProductTradePrice><ram:ChargeAmount>1.12345</ram:ChargeAmount>
<ram:BasisQuantity unitCode="HUR">1.0</ram:BasisQuantity></ram:NetPriceProductTradePrice>
</ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="HUR">3.0</ram:BilledQuantity>
</ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement><ram:BillingSpecifiedPeriod>{_JOUR.format("ram:EndDateTime", "20260202")}
</ram:BillingSpecifiedPeriod><ram:SpecifiedTradeAllowanceCharge>
<ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>2.00</ram:ActualAmount>
<ram:ReasonCode>95</ram:ReasonCode></ram:SpecifiedTradeAllowanceCharge>
<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>OBJ-1</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode>
</ram:AdditionalReferencedDocument><ram:ReceivableSpecifiedTradeAccountingAccount><ram:ID>6061</ram:ID>
</ram:ReceivableSpecifiedTradeAccountingAccount></ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem>
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>Vendeur</ram:Name>
<ram:PostalTradeAddress><ram:LineThree>Bâtiment C</ram:LineThree></ram:PostalTradeAddress>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR00</ram:ID></ram:SpecifiedTaxRegistration>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">LOCAL-1</ram:ID></ram:SpecifiedTaxRegistration>
</ram:SellerTradeParty>
<ram:SellerOrderReferencedDocument><ram:IssuerAssignedID>CV-1</ram:IssuerAssignedID></ram:SellerOrderReferencedDocument>
<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>BC-1</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>
<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>PJ-1</ram:IssuerAssignedID>
<ram:URIID>https://exemple.example/pj</ram:URIID><ram:TypeCode>916</ram:TypeCode></ram:AdditionalReferencedDocument>
<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>AO-1</ram:IssuerAssignedID><ram:TypeCode>50</ram:TypeCode>
</ram:AdditionalReferencedDocument>
<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>COMPTEUR</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode>
</ram:AdditionalReferencedDocument></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery><ram:ShipToTradeParty><ram:Name>Gymnase</ram:Name></ram:ShipToTradeParty>
</ram:ApplicableHeaderTradeDelivery>
<ram:ApplicableHeaderTradeSettlement><ram:CreditorReferenceID>FR00ZZZ123456</ram:CreditorReferenceID>
<ram:PaymentReference>REF-1</ram:PaymentReference><ram:TaxCurrencyCode>USD</ram:TaxCurrencyCode>
<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode><ram:PayeeTradeParty><ram:Name>Affactureur</ram:Name>
</ram:PayeeTradeParty>
<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>49</ram:TypeCode></ram:SpecifiedTradeSettlementPaymentMeans>
<ram:ApplicableTradeTax><ram:TaxPointDate><udt:DateString format="102">20260105</udt:DateString></ram:TaxPointDate>
</ram:ApplicableTradeTax>
<ram:BillingSpecifiedPeriod>{_JOUR.format("ram:StartDateTime", "20260101")}
{_JOUR.format("ram:EndDateTime", "20260131")}</ram:BillingSpecifiedPeriod>
<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>true</udt:Indicator></ram:ChargeIndicator>
<ram:CalculationPercent>5.00</ram:CalculationPercent><ram:BasisAmount>20.00</ram:BasisAmount>
<ram:ActualAmount>1</ram:ActualAmount><ram:Reason>Port</ram:Reason></ram:SpecifiedTradeAllowanceCharge>
<ram:SpecifiedTradePaymentTerms><ram:Description>À trente jours</ram:Description>
{_JOUR.format("ram:DueDateDateTime", "20261224")}<ram:DirectDebitMandateID>RUM-1</ram:DirectDebitMandateID>
</ram:SpecifiedTradePaymentTerms>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxTotalAmount currencyID="EUR">5.00</ram:TaxTotalAmount>
<ram:TaxTotalAmount currencyID="USD">6.50</ram:TaxTotalAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:ReceivableSpecifiedTradeAccountingAccount><ram:ID>4711</ram:ID></ram:ReceivableSpecifiedTradeAccountingAccount>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""
TERMES = frozenset(
    f"BT-{n}"
    for n in (
        *(1, 2, 3, 5, 6, 7, 9, 13, 14, 17, 18, 19, 20, 22, 27, 31, 32, 59, 70, 73, 74, 81, 83, 89, 90),
        *(99, 100, 101, 104, 110, 111, 122, 124, 126, 127, 128, 129, 130, 132, 133, 135, 136, 140),
        *(146, 147, 148, 149, 150, 153, 155, 157, 158, 159, 160, 161, 162),
    )
)
