/** Area codes of the United States: state, principal city, codes. For the demo stock only. */
const table = `
AL Birmingham 205 659|Huntsville 256 938|Mobile 251|Montgomery 334
AK Anchorage 907
AZ Phoenix 602 480 623|Tucson 520|Flagstaff 928
AR Little Rock 501|Jonesboro 870 327|Fort Smith 479
CA Los Angeles 213 323|San Francisco 415 628|San Diego 619 858|Oakland 510 341|San Jose 408 669|Sacramento 916 279|Fresno 559|Long Beach 562|Bakersfield 661|Anaheim 714 657|Irvine 949|Riverside 951|San Bernardino 909 840|Pasadena 626|Burbank 818 747|Santa Monica 310 424|Oxnard 805 820|Stockton 209 350|Concord 925|San Mateo 650|Santa Rosa 707|Redding 530|Salinas 831|Palm Springs 760 442
CO Denver 303 720 983|Colorado Springs 719|Fort Collins 970
CT Bridgeport 203 475|Hartford 860 959
DC Washington 202 771
DE Wilmington 302
FL Miami 305 786 645|Jacksonville 904 324|Tampa 813 656|Orlando 407 689|Saint Petersburg 727|Fort Lauderdale 954 754|West Palm Beach 561 728|Fort Myers 239|Gainesville 352|Tallahassee 850 448|Daytona Beach 386|Sarasota 941|Lakeland 863|Port Saint Lucie 772|Melbourne 321
GA Atlanta 404 470 678 770 943|Augusta 706 762|Savannah 912|Albany 229|Macon 478
HI Honolulu 808
ID Boise 208 986
IL Chicago 312 773 872|Evanston 847 224|Cicero 708 464|Aurora 630 331|Rockford 815 779|Peoria 309 861|Springfield 217 447|East Saint Louis 618 730
IN Indianapolis 317 463|Fort Wayne 260|South Bend 574|Gary 219|Kokomo 765|Evansville 812 930
IA Des Moines 515|Cedar Rapids 319|Davenport 563|Sioux City 712|Mason City 641
KS Wichita 316|Kansas City 913|Topeka 785|Dodge City 620
KY Louisville 502|Lexington 859|Bowling Green 270 364|Ashland 606
LA New Orleans 504|Baton Rouge 225|Shreveport 318|Lafayette 337|Houma 985
ME Portland 207
MD Baltimore 410 443 667|Rockville 301 240 227
MA Boston 617 857|Worcester 508 774|Lowell 978 351|Lynn 781 339|Springfield 413
MI Detroit 313 679|Grand Rapids 616|Ann Arbor 734|Flint 810|Lansing 517|Pontiac 248 947|Warren 586|Saginaw 989|Kalamazoo 269|Muskegon 231|Marquette 906
MN Minneapolis 612|Saint Paul 651|Bloomington 952|Brooklyn Park 763|Rochester 507 924|Duluth 218|Saint Cloud 320
MS Jackson 601 769|Gulfport 228|Tupelo 662
MO Saint Louis 314 557|Kansas City 816 975|Springfield 417|Columbia 573 235|Saint Charles 636|Sedalia 660
MT Billings 406
NE Omaha 402 531|Grand Island 308
NV Las Vegas 702 725|Reno 775
NH Manchester 603
NJ Newark 973 862|Jersey City 201 551|Edison 732 848|Elizabeth 908|Camden 856|Trenton 609 640
NM Albuquerque 505|Las Cruces 575
NY New York 212 646 332|Brooklyn 718 347 929|Manhattan 917|Buffalo 716 624|Rochester 585|Albany 518 838|Syracuse 315 680|Yonkers 914|Hempstead 516 363|Brentwood 631 934|Poughkeepsie 845 329|Binghamton 607
NC Charlotte 704 980|Raleigh 919 984|Greensboro 336 743|Asheville 828|Wilmington 910 472|Greenville 252
ND Fargo 701
OH Columbus 614 380|Cleveland 216|Cincinnati 513 283|Akron 330 234|Toledo 419 567|Dayton 937 326|Parma 440 436|Athens 740 220
OK Oklahoma City 405 572|Tulsa 918 539|Lawton 580
OR Portland 503 971|Eugene 541 458
PA Philadelphia 215 267 445|Pittsburgh 412 878|Allentown 610 484 835|Harrisburg 717 223|Erie 814 582|Greensburg 724|Scranton 570 272
RI Providence 401
SC Charleston 843 854|Columbia 803 839|Greenville 864 821
SD Sioux Falls 605
TN Nashville 615 629|Memphis 901|Knoxville 865|Chattanooga 423|Clarksville 931|Jackson 731
TX Houston 713 281 832 346 621|Dallas 214 469 972 945|San Antonio 210 726|Austin 512 737|Fort Worth 817 682|El Paso 915|Lubbock 806|Corpus Christi 361|Laredo 956|Beaumont 409|Tyler 903 430|Waco 254|Abilene 325|Midland 432|Wichita Falls 940|Bryan 979|Conroe 936|New Braunfels 830
UT Salt Lake City 801 385|Saint George 435
VT Burlington 802
VA Virginia Beach 757 948|Richmond 804 686|Arlington 703 571|Roanoke 540 826|Lynchburg 434|Bristol 276
WA Seattle 206|Tacoma 253|Bellevue 425|Olympia 360 564|Spokane 509
WV Charleston 304 681
WI Milwaukee 414|Madison 608 353|Green Bay 920 274|Waukesha 262|Eau Claire 715 534
WY Cheyenne 307`

export interface AreaCode {
  code: string
  city: string
  state: string
}

export const areaCodes: readonly AreaCode[] = table.trim().split('\n').flatMap(readState)

function readState(line: string): AreaCode[] {
  const state = line.slice(0, 2)
  return line
    .slice(3)
    .split('|')
    .flatMap((entry) => {
      const [, city = '', codes = ''] = /^(\D+) ([\d ]+)$/.exec(entry) ?? []
      return codes.split(' ').map((code) => ({ code, city, state }))
    })
}
