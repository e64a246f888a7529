$data = @{}
foreach ($field in $item.Data.PSObject.Properties) {
    $data[$field.Name] = $field.Value
}
Write-Output -InputObject @{
    AccountReference = $item.AccountReference
    DisplayName      = $item.DisplayName
    UserName         = $item.UserName
    Enabled          = $item.Enabled
    Data             = $data
}
